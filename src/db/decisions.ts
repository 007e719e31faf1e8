import type { ModelCall } from '../domain/brain.ts';
import type { DecisionInput, DecisionKind } from '../domain/decision.ts';
import type { EventId } from '../domain/ids.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { decision } from './tables/turns.ts';

export type NewDecision = {
  kind: DecisionKind;
  jorbRow: number | null;
  turnRow: number | null;
  by: string;
  reasoning: string;
  confidence: number;
  basedOn: EventId[];
  inputTokens: number;
  cachedTokens: number;
  writtenTokens: number;
  outputTokens: number;
  call: ModelCall | null;
  input: DecisionInput;
};

/** Appends a decision inside the caller's transaction and returns its row. */
export type AppendDecision = (values: NewDecision, now: number) => number;

export function buildAppendDecision(db: Db): AppendDecision {
  const insert = db
    .insert(decision)
    .values({
      kind: slot('kind'),
      jorbId: slot('jorbRow'),
      turnId: slot('turnRow'),
      by: slot('by'),
      reasoning: slot('reasoning'),
      confidence: slot('confidence'),
      basedOn: slot('basedOn'),
      inputTokens: slot('inputTokens'),
      cachedTokens: slot('cachedTokens'),
      writtenTokens: slot('writtenTokens'),
      outputTokens: slot('outputTokens'),
      model: slot('model'),
      promptHash: slot('promptHash'),
      costMicros: slot('costMicros'),
      durationMs: slot('durationMs'),
      input: slot('input'),
      at: slot('now'),
    })
    .prepare();
  return (values, now) => {
    const { model = null, promptHash = null, costMicros = 0, durationMs = 0 } = values.call ?? {};
    const row = { ...values, model, promptHash, costMicros, durationMs, now };
    return Number(insert.run(row).lastInsertRowid);
  };
}
