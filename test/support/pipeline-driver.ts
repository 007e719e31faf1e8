import type { BrainAnswer } from '../../src/domain/brain.ts';
import type { SendOutcome } from '../../src/domain/channel.ts';
import type { Consequence } from '../../src/domain/contract.ts';
import type { DecisionFilter, DecisionRecord } from '../../src/domain/decision.ts';
import type { Fence } from '../../src/domain/fence.ts';
import type {
  EvaluateDeparture,
  EvaluateGate,
  GateFacts,
  Reservation,
  Verdict,
} from '../../src/domain/gate.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import type { Delivery, Event } from '../../src/domain/message.ts';
import type { NewJorb } from '../../src/domain/new-jorb.ts';
import { leaveToOwner, routeBatch } from '../../src/domain/routing.ts';
import type { Store } from '../../src/domain/store.ts';
import type { ClaimedTurn, Effect, EffectOutcome, TurnStep } from '../../src/domain/turn.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { buildNewJorb } from './store.ts';

export const leaseMs = 5 * minuteMs;

/** Lets everything through as it is. */
export const allow: EvaluateGate = ({ payload }, { now }) => ({
  kind: 'allow',
  payload,
  consequence: 'message',
  findings: [],
  reservation: null,
  availableAt: now,
});

/** Asks about everything that the owner has not approved. */
export const ask: EvaluateGate = (request, facts) =>
  request.approved
    ? allow(request, facts)
    : { kind: 'ask', payload: request.payload, consequence: 'purchase', findings: [] };

export function refuse(overrides: Partial<Extract<Verdict, { kind: 'refuse' }>> = {}): EvaluateGate {
  return () => ({
    kind: 'refuse',
    rule: 'hourly_rate',
    text: 'too many messages this hour',
    consequence: 'message',
    findings: [],
    pauses: false,
    ...overrides,
  });
}

/** Lets everything through and sets money aside for it. */
export function spend(minor: number, overrides: Partial<Reservation> = {}): EvaluateGate {
  const limits = { jorb: null, jorbWithoutApproval: 10_000, ownerWithoutApproval: 10_000 };
  const reservation = { minor, currency: 'USD', approved: false, limits, ...overrides };
  return (request, facts) => ({
    ...(allow(request, facts) as Extract<Verdict, { kind: 'allow' }>),
    reservation,
  });
}

/** Answers as `evaluate` does and keeps what it was asked with. */
export function spyOn(evaluate: EvaluateGate): { evaluate: EvaluateGate; seen: GateFacts[] } {
  const seen: GateFacts[] = [];
  return {
    seen,
    evaluate(request, facts) {
      seen.push(facts);
      return evaluate(request, facts);
    },
  };
}

export const go: EvaluateDeparture = () => ({ kind: 'go' });

export function buildAnswer(overrides: Partial<BrainAnswer> = {}): BrainAnswer {
  return {
    wire: 'script',
    items: [],
    reasoning: 'They should know.',
    confidence: 0.9,
    basedOn: [],
    toolCalls: [],
    usage: { inputTokens: 10, cachedTokens: 4, writtenTokens: 0, outputTokens: 2 },
    call: null,
    stop: 'tools',
    ...overrides,
  };
}

export function sendTo(to: string, text: string, overrides: Partial<SendEffect> = {}): SendEffect {
  return {
    kind: 'send_message',
    to,
    text,
    price: null,
    label: 'message' as Consequence,
    basedOn: null,
    confidence: 1,
    ...overrides,
  };
}

type SendEffect = Extract<Effect, { kind: 'send_message' }>;

type Incoming = { from?: string; id?: string; inReplyTo?: string; silenceMs?: number };

export type Turn = {
  claimed: ClaimedTurn;
  /** The position that the next effect belongs to. */
  step(): TurnStep;
  answer(overrides?: Partial<BrainAnswer>): Promise<void>;
  /** The next call of the answer, unless one is named. */
  apply(effect: Effect, evaluate?: EvaluateGate, call?: number): Promise<EffectOutcome>;
  finish(): Promise<void>;
  fail(error: string, retryAt: number | null): Promise<void>;
};

/** A store with a runtime, and short words for what its stages do. Time stands still unless a test moves it. */
export type Pipeline = {
  store: Store;
  fence: Fence;
  now: number;
  createJorb(overrides?: Partial<NewJorb>): Promise<JorbId>;
  receive(text: string, incoming?: Incoming): ReturnType<Store['receiveEvent']>;
  release(): ReturnType<Store['releaseBatch']>;
  route(): ReturnType<Store['routeBatch']>;
  /** Receives a message and brings it where it belongs. */
  deliver(text: string, incoming?: Incoming): Promise<Event>;
  /** The newest first. */
  listDecisions(id: JorbId, filter?: Partial<DecisionFilter>): Promise<DecisionRecord[]>;
  claim(): Promise<ClaimedTurn | undefined>;
  /** Claims the turn that is due, with a first answer stored. */
  openTurn(): Promise<Turn>;
  /** A whole turn that does these things. */
  takeTurn(effects: Effect[], evaluate?: EvaluateGate): Promise<EffectOutcome[]>;
  depart(evaluate?: EvaluateDeparture): Promise<Delivery | undefined>;
  /** Takes the next message off the outbox and says what came of it. */
  send(outcome?: SendOutcome): Promise<Delivery>;
};

export async function startPipeline(store: Store): Promise<Pipeline> {
  let messages = 0;
  const pipeline: Pipeline = {
    store,
    fence: await store.raiseEpoch('test', testEpoch),
    now: testEpoch,
    createJorb: async (overrides = {}) =>
      (
        await store.createJorb(
          buildNewJorb({ requestHash: `request-${++messages}`, ...overrides }),
          pipeline.now,
        )
      ).jorb.id,
    receive(text, { from = 'magic', id = `message-${++messages}`, inReplyTo = null, silenceMs = 0 } = {}) {
      const wire = {
        channel: 'loopback',
        account: 'main',
        externalId: id,
        sentAt: null,
        grade: 'none',
      } as const;
      return store.receiveEvent({ ...wire, from, text, inReplyTo }, silenceMs, pipeline.now);
    },
    release: () => store.releaseBatch(pipeline.fence, pipeline.now),
    route: () => store.routeBatch(pipeline.fence, (input) => leaveToOwner(routeBatch(input)), pipeline.now),
    async deliver(text, incoming) {
      const { event } = await pipeline.receive(text, incoming);
      await pipeline.release();
      await pipeline.route();
      return event;
    },
    async listDecisions(jorbId, filter) {
      const every = { jorbId, status: null, since: null, limit: 50, offset: 0 };
      return (await store.listDecisions({ ...every, ...filter })).decisions;
    },
    claim: () => store.claimTurn(pipeline.fence, leaseMs, pipeline.now),
    async openTurn() {
      const claimed = await pipeline.claim();
      if (!claimed) throw new Error('no turn is due');
      const turn = buildTurn(pipeline, claimed);
      await turn.answer();
      return turn;
    },
    async takeTurn(effects, evaluate) {
      const turn = await pipeline.openTurn();
      const outcomes: EffectOutcome[] = [];
      for (const effect of effects) outcomes.push(await turn.apply(effect, evaluate));
      await turn.finish();
      return outcomes;
    },
    depart: (evaluate = go) => store.claimDelivery(pipeline.fence, evaluate, pipeline.now),
    async send(outcome) {
      const delivery = await pipeline.depart();
      if (!delivery) throw new Error('nothing is due');
      const { fence, now } = pipeline;
      const end = outcome ?? { kind: 'sent', receipt: `receipt-${delivery.id}` };
      await store.settleDelivery(fence, delivery.id, end, now + minuteMs, now);
      return delivery;
    },
  };
  return pipeline;
}

/** A turn that was claimed, at the first step that is not stored. */
export function buildTurn(pipeline: Pipeline, claimed: ClaimedTurn): Turn {
  const { store } = pipeline;
  let position = claimed.steps.length - 1;
  let calls = 0;
  const step = () => ({ turnId: claimed.id, position, leaseMs });
  return {
    claimed,
    step,
    async answer(overrides) {
      position += 1;
      calls = 0;
      await store.saveAnswer(pipeline.fence, step(), buildAnswer(overrides), 'rules', pipeline.now);
    },
    apply: (effect, evaluate = allow, call = calls++) =>
      store.applyEffect(pipeline.fence, { step: step(), call, effect, evaluate }, pipeline.now),
    finish: () => store.finishTurn(pipeline.fence, claimed.id, pipeline.now),
    fail: (error, retryAt) => store.failTurn(pipeline.fence, claimed.id, error, retryAt, pipeline.now),
  };
}
