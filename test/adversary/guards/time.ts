/** How long an errand may be open. */
import { type Guard, guard, never } from './guard.ts';

const by = 'an errand is over after 14 days';

export const time: Guard[] = [
  guard(
    'time: the clock of an errand',
    by,
    'src/db/jorb-moves.ts',
    "if (command === 'start') setEndsAt(jorbRow, now + maxOpenMs);",
  ),
  guard(
    'time: a resume past the question',
    by,
    'src/db/jorbs.ts',
    "const asked = command === 'resume' ? findExtension(jorbRow) : undefined;",
    'const asked = undefined as number | undefined;',
  ),
  guard(
    'time: a change of the contract',
    by,
    'src/db/contracts.ts',
    'if (isAskedToGoOn)',
    'if (false as boolean)',
  ),
  guard(
    'time: a steering past the question',
    by,
    'src/db/steering.ts',
    'const lostQuestion = isNewContract && waited && !isWaiting(id);',
    'const lostQuestion = isNewContract && waited;',
  ),
  guard(
    'time: no answer is no',
    by,
    'src/db/lapse.ts',
    'if (isTimeUp && isLive(status))',
    never.replace(' {', ''),
  ),
];
