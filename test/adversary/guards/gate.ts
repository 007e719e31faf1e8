/** The checks of the gate, and what makes a proposal one. */
import { type Guard, guard, never, policy } from './guard.ts';

const checks = `${policy}/evaluate-gate.ts`;

export const gateChecks: Guard[] = [
  guard('check: shape', 'nothing that reads otherwise', checks, '  checkShape,\n'),
  guard('check: stop', 'when all was stopped at the last instant', checks, '  checkStop,\n'),
  guard('check: recipient', 'an address that the owner never named', checks, '  checkRecipient,\n'),
  guard('check: consequence', 'a purchase that calls itself', checks, '  checkConsequence,\n'),
  guard('check: money', 'many purchases just under', checks, '  checkMoney,\n'),
  guard('check: rate', 'two machines that thank', checks, '  checkRate,\n'),
  guard('check: confidence', 'an agent that is not sure', checks, '  checkConfidence,\n'),
  guard('check: approval', 'an agent that asks for everything', checks, '  checkApproval,\n'),
];

export const shape: Guard[] = [
  guard(
    'shape: invisible characters',
    'nothing that reads otherwise',
    `${policy}/shape.ts`,
    'const invisible = findInvisible(text);',
    'const invisible = undefined as string | undefined;',
  ),
  guard(
    'shape: line of a first contact',
    'the first message to anybody',
    `${policy}/shape.ts`,
    'ok(addFirstContactLine({ ...payload, text: filled.value }, facts))',
    'ok({ ...payload, text: filled.value })',
  ),
  guard(
    'shape: request to a host',
    'a placeholder in a URL',
    'src/domain/web-request.ts',
    'if (hasPlaceholder(decodePercents(path))) {',
    never,
  ),
  guard(
    'tool: fields that do not exist',
    'a field that a tool does not have',
    'src/agent/tools/define-tool.ts',
    'const schema = z.strictObject(shape);',
    'const schema = z.object(shape);',
  ),
  {
    name: 'tool and shape: classes that do not exist',
    by: 'a proposal without a proper class',
    edits: [
      { file: 'src/agent/tools/send-message.ts', find: '.enum(consequences)', replace: '.any()' },
      { file: `${policy}/shape.ts`, find: 'if (!consequences.includes(request.label)) {', replace: never },
    ],
  },
  guard(
    'tool: plain amounts',
    'an amount is a plain decimal',
    'src/lib/money.ts',
    '/^(0|[1-9]\\d{0,12})(?:\\.(\\d+))?$/',
    '/^[ +]*(\\d+)(?:\\.(\\d+))? *$/',
  ),
  guard(
    'tool: scheme of a URL',
    'an address, a scheme',
    'src/agent/tools/http-request.ts',
    `if (protocol !== 'https:')`,
    'if (false as boolean)',
  ),
  guard(
    'tool: port of a URL',
    'an address, a scheme',
    'src/agent/tools/http-request.ts',
    `if (port !== '')`,
    'if (false as boolean)',
  ),
  guard(
    'tool: password in a URL',
    'an address, a scheme',
    'src/agent/tools/http-request.ts',
    `if (username !== '' || password !== '')`,
    'if (false as boolean)',
  ),
  guard(
    'address: host names only',
    'an address, a scheme',
    'src/domain/contact.ts',
    'return hostName.test(hostname) ? hostname : undefined;',
    'return hostname;',
  ),
];

export const stopAndRecipient: Guard[] = [
  guard(
    'stop: the switch',
    'when all was stopped at the last instant',
    `${policy}/stop.ts`,
    `if (facts.stopped && kind !== 'change_contract') {`,
    never,
  ),
  guard(
    'stop: the status',
    'that was paused at the last instant',
    `${policy}/stop.ts`,
    'if (listStatuses(kind, request.approved).includes(status)) return draft;',
    'return draft;',
  ),
  guard(
    'recipient: opt-out',
    'left alone at the last instant',
    `${policy}/recipient.ts`,
    'if (facts.recipient.optedOut || known?.optedOut) {',
    never,
  ),
  guard(
    'recipient: exact address',
    'an address that looks like',
    `${policy}/recipient.ts`,
    'channel === to.channel && address === to.address',
    'channel === to.channel && address.slice(0, 3) === to.address.slice(0, 3)',
  ),
  guard(
    'recipient: its channel',
    'a contact on one channel',
    `${policy}/recipient.ts`,
    'channel === to.channel && address === to.address',
    'address.split(":").at(-1) === to.address.split(":").at(-1)',
  ),
];
