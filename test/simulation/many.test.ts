import { test } from 'vitest';
import { runWorld } from './run-world.ts';
const base = Number(process.env.SIM_SEED ?? 20_261_120);
test('many', { timeout: 600_000 }, async () => {
  let crashes = 0, sent = 0, approved = 0;
  const start = performance.now(); const c = process.cpuUsage();
  for (let i = 0; i < Number(process.env.SIM_N ?? 20); i++) {
    const r = await runWorld(base + i, { operations: 120 });
    crashes += r.crashes; sent += r.sent; approved += r.approved;
    if (r.violations.length) console.log('SEED', base + i, r.violations.join('\n'), process.env.SIM_TRACE ? r.trace.join('\n') : '');
  }
  const d = process.cpuUsage(c);
  console.log({ crashes, sent, approved, ms: performance.now() - start, cpu: (d.user + d.system) / 1000 });
});
