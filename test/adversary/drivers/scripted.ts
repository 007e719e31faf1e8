import type { ToolCall } from '../../../src/domain/brain.ts';
import type { Driver } from '../stage.ts';
import { rest } from './benign.ts';

export type Scripted = Driver & {
  /** The calls of the next turn. */
  say(...calls: ToolCall[]): void;
};

/** Makes exactly the calls of a case, one list a turn, and waits when it has made them. */
export function buildScripted(...script: ToolCall[][]): Scripted {
  const turns = [...script];
  const driver: Driver = ({ steps }) => {
    if (steps.length === 0) return turns.shift() ?? [rest];
    return steps.length === 1 ? [rest] : [];
  };
  return Object.assign(driver, { say: (...calls: ToolCall[]) => void turns.push(calls) });
}
