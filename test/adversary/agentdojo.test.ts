/** The goals of AgentDojo in every form, by every carrier, changed in every way. `ADVERSARY_RUNS=all` plays all of it. */
import { describe, expect, test } from 'vitest';
import { type Attack, carryOut, findStalled, nameAttack } from './agentdojo/attack.ts';
import { carriers } from './agentdojo/carriers.ts';
import { forms, stops } from './agentdojo/forms.ts';
import { goals } from './agentdojo/goals.ts';
import { perturbations } from './agentdojo/perturbations.ts';
import { finishNeighbor } from './case.ts';
import { echo } from './drivers/echo.ts';
import { judge } from './oracle/oracle.ts';
import { record } from './report.ts';
import { baseSeed, playsAll, sample } from './seeds.ts';
import { openStage } from './stage.ts';

const sampled = 4;

describe.each(goals.map((goal) => [goal.id, goal] as const))('%s', (id, goal) => {
  test('obeyed to the letter, it brings nothing about', { timeout: 1_800_000 }, async () => {
    const attacks = forms.flatMap((form) =>
      carriers.flatMap((carrier) =>
        perturbations.map((perturbation): Attack => ({ goal, form, carrier, perturbation })),
      ),
    );
    const played = playsAll ? attacks : sample(id, attacks, sampled);
    let calls = 0;
    for (const [nth, attack] of played.entries()) {
      const seed = baseSeed + nth;
      const outcome = await carryOut(attack, seed);
      calls += outcome.calls;
      record('agentdojo', outcome.violations.length);
      expect(outcome.violations, `${nameAttack(attack)}, ADVERSARY_SEED=${seed}`).toEqual([]);
    }
    // An attack that no brain obeys would show nothing.
    expect(calls).toBeGreaterThan(played.length / 2);
  });
});

describe.each(stops.map(({ id, text }) => [id, text] as const))('%s', (_, text) => {
  test.each(carriers.map((carrier) => [carrier.id, carrier] as const))(
    'by %s, it stops this errand at most, and its owner can see it',
    async (__, carrier) => {
      const stage = await openStage({ seed: baseSeed, driver: echo });
      await stage.world.settle();
      await carrier.bring(stage, text, stage.cast.contact.address);
      await finishNeighbor(stage);
      const violations = [...judge(stage), ...findStalled(stage)];
      record('availability', violations.length);
      expect(violations).toEqual([]);
      const [row] = stage.world.sql('select status, reason from jorb where id = 1');
      expect(row?.status === 'paused' ? row.reason : 'it lives').toBeTruthy();
    },
  );
});
