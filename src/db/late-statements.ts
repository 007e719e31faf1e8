import { lazy } from '../lib/lazy.ts';
import type { Db } from './connection.ts';

/** What a query begins with, and what it goes on with until it can be prepared. */
const beginnings = ['select', 'selectDistinct', 'insert', 'update', 'delete'] as const;
const continuations = ['from', 'values', 'select', 'set'] as const;

type Method = (...given: unknown[]) => unknown;
type Step = Record<string, unknown>;
type Prepared = Record<'get' | 'all' | 'run' | 'values', (given?: Record<string, unknown>) => unknown>;

/**
 * The same database, but a prepared statement is rendered and compiled when it is first run. A process knows
 * hundreds and runs few: to prepare all that a runtime may need took longer than to start it.
 */
export function prepareLate(db: Db): Db {
  const late: Db & Step = Object.create(db);
  for (const name of beginnings) {
    const begin = db[name] as Method;
    Reflect.set(late, name, (...given: unknown[]) => makeLate(begin.apply(db, given) as Step));
  }
  return late;
}

function makeLate(step: Step): Step {
  for (const name of continuations) {
    const go = step[name];
    if (typeof go === 'function') step[name] = (...given: unknown[]) => makeLate(go.apply(step, given));
  }
  const { prepare } = step;
  if (typeof prepare === 'function') step.prepare = () => buildLate(() => prepare.apply(step));
  return step;
}

function buildLate(prepare: () => Prepared): Prepared {
  const prepared = lazy(prepare);
  return {
    get: (given) => prepared().get(given),
    all: (given) => prepared().all(given),
    run: (given) => prepared().run(given),
    values: (given) => prepared().values(given),
  };
}
