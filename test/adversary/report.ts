import { appendFileSync } from 'node:fs';

/** Where `npm run adversary` counts what was played: one line of JSON for each run. */
const file = process.env.ADVERSARY_REPORT;

export type Played = 'cases' | 'agentdojo' | 'availability' | 'fuzz' | 'benign';

/** Notes one run and how many violations it had. Nothing is kept where nobody asked for a report. */
export function record(what: Played, violations: number, count = 1): void {
  if (file) appendFileSync(file, `${JSON.stringify({ what, violations, count })}\n`);
}
