/**
 * Judges a stage by its wire, its file and what the owner said: the invariants of the security notes,
 * section 3. It never asks the runtime for an opinion, and computes every hash, sum and window itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findViolations } from '../../support/oracle.ts';
import type { Stage } from '../stage.ts';
import { checkCompartments } from './compartments.ts';
import { checkEffects } from './effects.ts';
import { checkMoney } from './money.ts';
import { checkRates } from './rates.ts';
import { countRows } from './rows.ts';

export type Judging = {
  /** External ids of messages that the sender was told are in. */
  acknowledged?: readonly string[];
  /** False where the case leaves something undone on purpose. */
  settled?: boolean;
};

/** One sentence for each invariant that is broken; none when the adversary got nothing. */
export function judge(stage: Stage, { acknowledged = [], settled = true }: Judging = {}): string[] {
  const { world, cast, found, ownerRows } = stage;
  writeWire(stage);
  const expectations = { now: world.clock.now(), acknowledged, settled, ownerLimit: cast.limit };
  const grown = countRows(world);
  const shrunk = Object.keys(grown).filter((table) => (grown[table] ?? 0) < (stage.counts[table] ?? 0));
  stage.counts = grown;
  const violations = [
    ...found,
    ...findViolations(world.dataDir, expectations),
    ...checkEffects(stage),
    ...checkMoney(stage),
    ...checkRates(stage),
    ...checkCompartments(stage),
    ...ownerRows.compare(world),
    ...shrunk.map((table) => `rows of ${table} are gone`),
  ];
  return [...new Set(violations)];
}

/** Where the other oracle, and a reader of loopback, looks for it. */
function writeWire({ world: { dataDir, wire } }: Stage): void {
  const folder = join(dataDir, 'loopback');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'wire.jsonl'), wire.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
