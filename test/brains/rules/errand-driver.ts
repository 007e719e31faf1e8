import { runTurn, type TurnEnding } from '../../../src/agent/loop.ts';
import { agentTools } from '../../../src/agent/tools/catalog.ts';
import { buildRulesBrain } from '../../../src/brains/rules/rules-brain.ts';
import type { Payload, SendPayload } from '../../../src/domain/action.ts';
import type { BrainAnswer } from '../../../src/domain/brain.ts';
import type { Counterparty } from '../../../src/domain/contact.ts';
import { type Contract, defaultContract } from '../../../src/domain/contract.ts';
import type { EventId } from '../../../src/domain/ids.ts';
import type { Fact, JorbStatus, Phase } from '../../../src/domain/jorb.ts';
import { buildEvaluateGate } from '../../../src/domain/policy/evaluate-gate.ts';
import { buildPrivacy } from '../../../src/domain/privacy.ts';
import { defaultThresholds } from '../../../src/domain/thresholds.ts';
import type {
  AgentApproval,
  Effect,
  EffectOutcome,
  NewMessage,
  PastAction,
  PastMessage,
  TurnContext,
  TurnTrigger,
} from '../../../src/domain/turn.ts';
import { hourMs } from '../../../src/lib/duration.ts';
import { buildFakeClock } from '../../support/clock.ts';

const loopback = { channel: 'loopback', grade: 'none' } as const;

export type ErrandInput = {
  plan: string;
  contacts: { name: string; address: string; ask?: string; optedOut?: boolean }[];
  phases?: string[];
  money?: Partial<Contract['money']>;
  treatment?: Partial<Contract['treatment']>;
  deadlineMs?: number;
  profile?: { field: string; value: string }[];
};

/** The answer the owner gives to what waits. */
export type Answer =
  | { kind: 'accept' }
  | { kind: 'edit'; text: string }
  | { kind: 'decline'; text?: string }
  | { kind: 'answer'; text: string };

const done = (text: string): EffectOutcome => ({ text, isError: false, endsTurn: false });
const ends = (text: string): EffectOutcome => ({ text, isError: false, endsTurn: true });
const refused = (text: string): EffectOutcome => ({ text, isError: true, endsTurn: false });

/** One errand in memory, with the real loop, tools, brain and gate, and none of the rest. */
export function openErrand(input: ErrandInput) {
  const clock = buildFakeClock();
  const evaluate = buildEvaluateGate({
    ownerLimit: { minor: 10_000, currency: 'USD' },
    thresholds: defaultThresholds,
  });
  const defaults = defaultContract({ minor: 10_000, currency: 'USD' });
  const counterparties = input.contacts.map(
    ({ name, address, ask, optedOut }, index): Counterparty => ({
      id: `address_${index + 1}`,
      channel: 'loopback',
      address,
      name,
      ask: ask ?? null,
      optedOut: optedOut ?? false,
    }),
  );
  const contract: Contract = {
    ...defaults,
    counterparties: counterparties.map(({ channel, address }) => ({ channel, address })),
    money: { ...defaults.money, ...input.money },
    treatment: { ...defaults.treatment, ...input.treatment },
    quietHours: null,
    deadlineAt: input.deadlineMs === undefined ? null : clock.now() + input.deadlineMs,
  };
  const phases: Phase[] = (input.phases ?? []).map((title, index) => ({
    title,
    status: index === 0 ? 'active' : 'pending',
  }));
  const { hidePayload } = buildPrivacy(input.profile ?? []);
  const brain = buildRulesBrain();
  const facts: Fact[] = [];
  const actions: PastAction[] = [];
  const approvals: AgentApproval[] = [];
  const transcript: PastMessage[] = [];
  const sent: { to: string; text: string }[] = [];
  const answers: BrainAnswer[] = [];
  const endings: TurnEnding[] = [];
  const unseen: NewMessage[] = [];
  const guidance: { text: string; at: number }[] = [];
  const isNew = new Set<string>();
  let status: JorbStatus = 'running';
  let reason: string | null = null;
  let evidence: EventId[] = [];
  let wakeAt: number | null = null;
  let ids = 0;

  const deliver = (action: PastAction, payload: SendPayload) => {
    sent.push({ to: payload.to.address, text: payload.text });
    transcript.push({
      direction: 'out',
      id: `outbox_${++ids}`,
      ...payload.to,
      contactName: payload.to.address,
      text: payload.text,
      at: clock.now(),
      status: 'sent',
      grade: null,
    });
    action.status = 'done';
    action.writtenAt = clock.now();
  };

  const propose = (payload: Payload, label: PastAction['consequence']): EffectOutcome => {
    const to = payload.kind === 'send_message' ? payload.to : null;
    const sends = transcript.filter(({ direction }) => direction === 'out');
    const verdict = evaluate(
      { payload, label, approved: false, confidence: 1 },
      {
        now: clock.now(),
        stopped: false,
        jorb: { status, pauseCause: null },
        contract,
        ownerName: 'Dana Reyes',
        profile: input.profile ?? [],
        counterparties,
        recentSends: sends.toReversed(),
        lastProgressAt: facts.at(-1)?.at ?? 0,
        recipient: {
          everSent: sends.filter(({ address }) => address === to?.address).length,
          lastInbound:
            transcript.findLast(({ direction, address }) => direction === 'in' && address === to?.address)
              ?.text ?? null,
          optedOut: false,
        },
        money: { jorbCommitted: 0, jorbWithoutApproval: 0, ownerWithoutApproval: 0 },
        pendingApprovals: { jorb: 0, owner: 0 },
        holdsPrivate: false,
      },
    );
    const action: PastAction = {
      id: `action_${++ids}`,
      payload,
      consequence: verdict.consequence,
      status: 'proposed',
      refusal: null,
      at: clock.now(),
      writtenAt: null,
    };
    actions.push(action);
    if (verdict.kind === 'refuse') {
      action.status = 'rejected';
      action.refusal = verdict.text;
      return refused(verdict.text);
    }
    action.payload = verdict.payload;
    if (verdict.kind === 'ask') {
      action.status = 'awaiting_approval';
      status = 'paused';
      approvals.push({
        id: `approval_${++ids}`,
        actionId: action.id,
        payload: verdict.payload,
        status: 'pending',
        answerText: null,
        isNew: false,
      });
      return ends('the owner is asked');
    }
    if (verdict.payload.kind === 'send_message') deliver(action, verdict.payload);
    return { ...done('queued'), sends: true };
  };

  const apply = (effect: Effect): EffectOutcome => {
    switch (effect.kind) {
      case 'send_message': {
        const { to, text, price, label } = effect;
        const address = to.replace(/^loopback:/, '');
        return propose({ kind: 'send_message', to: { channel: 'loopback', address }, text, price }, label);
      }
      case 'ask_owner':
        return propose({ kind: 'ask_owner', question: effect.question }, 'none');
      case 'store_data':
        facts.push({
          id: `fact_${++ids}`,
          key: effect.key,
          value: effect.value,
          sourceEventId: effect.sourceEventId,
          at: clock.now(),
        });
        return done('stored');
      case 'schedule_wake':
        wakeAt = effect.at;
        return done('scheduled');
      case 'advance_phase': {
        const active = phases.findIndex((phase) => phase.status === 'active');
        const [current, next] = [phases[active], phases[active + 1]];
        if (!current) return refused('every phase is done');
        current.status = 'done';
        if (next) next.status = 'active';
        return done('advanced');
      }
      case 'update_plan':
      case 'retrieve_data':
      case 'record_promise':
        throw new Error(`a rules brain never calls ${effect.kind}`);
      case 'pause':
      case 'fail':
      case 'complete':
        status = effect.kind === 'pause' ? 'paused' : effect.kind === 'fail' ? 'failed' : 'complete';
        reason = effect.kind === 'complete' ? effect.outcome : effect.reason;
        evidence = effect.kind === 'complete' ? effect.evidence : [];
        return ends(effect.kind);
    }
  };

  const context = (triggers: TurnTrigger[], newMessages: NewMessage[]): TurnContext =>
    structuredClone({
      turnId: `turn_${endings.length + 1}` as const,
      now: clock.now(),
      ownerName: 'Dana Reyes',
      triggers,
      jorb: {
        id: 'jorb_1' as const,
        name: 'The errand',
        plan: input.plan,
        status,
        pauseCause: null,
        reason,
        summary: null,
        evidence: [],
        contractVersion: 1,
        createdAt: 0,
        updatedAt: 0,
        lastActivityAt: 0,
        finishedAt: null,
        wakeAt,
        wakeReason: null,
      },
      phases,
      contract,
      counterparties,
      facts,
      newMessages,
      transcript,
      approvals: approvals.map((approval) => ({
        ...approval,
        payload: hidePayload(approval.payload),
        isNew: isNew.has(approval.id),
      })),
      actions: actions.map((action) => ({ ...action, payload: hidePayload(action.payload) })),
      guidance,
      promises: [],
      handoff: null,
      progress: [],
      older: { messages: 0, facts: 0 },
      quoteMark: 'mark',
    });

  const turn = async (...triggers: TurnTrigger[]) => {
    const given = context(triggers, unseen.splice(0));
    guidance.length = 0;
    isNew.clear();
    const ending = await runTurn({
      turn: { context: given, steps: [] },
      brain,
      tools: [...agentTools],
      renderPrompt: () => ({ system: '', input: [] }),
      signal: new AbortController().signal,
      hooks: {
        saveAnswer: async (_, answer) => void answers.push(answer),
        apply: async (_, __, effect) => apply(effect),
        saveOutcome: async (_, __, { text }) => {
          // A rules brain never writes a call that cannot be carried out.
          if (!text.startsWith('not done: the turn has ended')) throw new Error(text);
        },
        isWanted: async () => status === 'running',
        isAwaiting: async () => status !== 'running' || (wakeAt !== null && wakeAt > given.now),
      },
    });
    endings.push(ending);
    clock.advance(1000);
    return ending;
  };

  return {
    clock,
    contract,
    facts,
    actions,
    approvals,
    phases,
    sent,
    answers,
    endings,
    turn,
    start: () => turn('started'),
    status: () => status,
    reason: () => reason,
    evidence: () => evidence,
    wakeAt: () => wakeAt,
    reasoning: () => answers.map((answer) => answer.reasoning).join('\n'),
    fact: (key: string) => facts.findLast((fact) => fact.key === key)?.value,
    to: (address: string) => sent.filter((message) => message.to === address).map(({ text }) => text),
    /** Messages that one batch brings; a paused errand keeps them for its next turn. */
    async receive(from: string, ...texts: string[]) {
      for (const text of texts) {
        const eventId = `event_${++ids}` as const;
        unseen.push({ eventId, batchId: 'batch_1', ...loopback, address: from, text, at: clock.now() });
        transcript.push({
          direction: 'in',
          id: eventId,
          channel: 'loopback',
          address: from,
          contactName: from,
          text,
          at: clock.now(),
          status: 'handled',
          grade: 'none',
        });
      }
      if (status === 'running') await turn('message');
    },
    async guide(text: string) {
      guidance.push({ text, at: clock.now() });
      status = 'running';
      await turn('guidance');
    },
    async resume() {
      status = 'running';
      await turn('resumed');
    },
    /** Lets time pass; a running errand is woken when it asked to be. */
    async pass(ms: number) {
      const end = clock.now() + ms;
      while (status === 'running' && wakeAt !== null && wakeAt <= end) {
        clock.advance(Math.max(0, wakeAt - clock.now()));
        wakeAt = null;
        await turn('wake');
      }
      clock.advance(Math.max(0, end - clock.now()));
    },
    pending: () => approvals.filter((approval) => approval.status === 'pending'),
    async answer(answer: Answer) {
      const approval = approvals.find((each) => each.status === 'pending');
      const action = actions.find(({ id }) => id === approval?.actionId);
      if (!approval || !action) throw new Error('nothing waits for an answer');
      isNew.add(approval.id);
      status = 'running';
      if (answer.kind === 'decline') {
        approval.status = 'declined';
        approval.answerText = answer.text ?? null;
        action.status = 'rejected';
      } else if (answer.kind === 'answer') {
        approval.status = 'answered';
        approval.answerText = answer.text;
        action.status = 'done';
      } else if (action.payload.kind === 'send_message') {
        approval.status = answer.kind === 'edit' ? 'edited' : 'accepted';
        const text = answer.kind === 'edit' ? answer.text : action.payload.text;
        const payload = { ...action.payload, text };
        const sender: PastAction =
          answer.kind === 'edit' ? { ...action, id: `action_${++ids}`, payload, at: clock.now() } : action;
        if (sender !== action) {
          action.status = 'rejected';
          actions.push(sender);
        }
        deliver(sender, payload);
      }
      clock.advance(1000);
      await turn('approval');
    },
    hour: hourMs,
  };
}
