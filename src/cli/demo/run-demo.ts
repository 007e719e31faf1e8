import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { minuteMs, secondMs } from '../../lib/duration.ts';
import type { Face } from '../../runtime/face.ts';
import { injectMessage } from '../../runtime/owner/inject-message.ts';
import { setProfileField } from '../../runtime/owner/set-profile-field.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { describeEnvironment } from './environment.ts';
import { buildErrand, profile } from './errand.ts';
import { type Followed, followErrand } from './follow-errand.ts';
import { type Host, startHost } from './host.ts';
import { startWorld } from './run-world.ts';
import { printCheck, printFramed, printParagraph, printTitle } from './screen.ts';
import { type Check, judgeDemo } from './verdict.ts';
import { findWireLog, readWireLog } from './wire-log.ts';
import { buildWorld } from './world.ts';

type Setting = { config: Config; io: CliIo };
type Choices = {
  /** Whether the person at the terminal is asked, or the demo says yes for them. */
  asks: boolean;
  keep: boolean;
};

const debounceMs = 500;
/** Without the time that the person takes. By the rules it needs about a third of it. */
const patienceMs = { rules: 30 * secondMs, model: 10 * minuteMs };

/** Runs the whole demo in a folder of its own. Resolves to the exit code; the child has ended then. */
export async function runDemo({ config, io }: Setting, choices: Choices): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'jorbs-demo-'));
  const own: Config = {
    ...config,
    dataDir,
    confirm: 'human',
    spendLimit: { minor: 100_00, currency: 'USD' },
    debounce: { ...config.debounce, loopback: debounceMs },
  };
  try {
    const face = await io.openApp(own);
    try {
      return await runIn(face, { config: own, io }, choices);
    } finally {
      await face.close();
    }
  } finally {
    if (choices.keep) printParagraph(io, `The data folder is kept: ${dataDir}`);
    else await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runIn(face: Face, { config, io }: Setting, { asks }: Choices): Promise<number> {
  for (const [field, value] of Object.entries(profile)) await setProfileField(face.owner, { field, value });
  const errand = buildErrand(face.owner.clock.now());
  printTitle(io, `jorbs ${config.version}: the demo`);
  printParagraph(io, 'A chat assistant has agreed this errand with its owner and hands it over:');
  printFramed(io, `${errand.name}\n${errand.plan}`, 'blue');
  const left = new AbortController();
  const failure = new AbortController();
  const host = await startHost({
    self: io.self,
    version: config.version,
    environment: describeEnvironment(config),
    confirm: async (message) => {
      const answer = await confirm(io, message, asks);
      if (answer === undefined) left.abort();
      return answer ?? false;
    },
  });
  const world = startWorld({
    people: buildWorld(),
    wireLog: findWireLog(config.dataDir),
    clock: face.owner.clock,
    async say(from, text) {
      await injectMessage(face.owner, { channel: 'loopback', from, text, externalId: null, inReplyTo: null });
    },
    failed: (error) => failure.abort(error),
  });
  try {
    printParagraph(
      io,
      `The server runs (process ${host.pid}, MCP ${host.protocol}, ${host.tools.length} tools). What follows is read from its rows.`,
    );
    io.stdout.write('\n');
    const signal = AbortSignal.any([io.signal, left.signal, failure.signal]);
    const giveUpAfterMs = patienceMs[config.thinking.provider === 'rules' ? 'rules' : 'model'];
    const followed = await followErrand({ face, host, io, errand, giveUpAfterMs, signal });
    return await conclude(face, host, { io, config, ...followed });
  } catch (error) {
    if (io.signal.aborted || left.signal.aborted) return exitCodes.interrupted;
    const stderr = host.readStderr().trim();
    if (stderr) io.stderr.write(`${stderr}\n`);
    throw failure.signal.aborted ? failure.signal.reason : error;
  } finally {
    world.stop();
    await host.close();
  }
}

/**
 * The person's answer to what the server asks through the protocol. Anything but a plain yes is a no;
 * undefined when they left.
 */
async function confirm(io: CliIo, message: string, asks: boolean): Promise<boolean | undefined> {
  printFramed(io, message, 'yellow');
  if (!asks) {
    printParagraph(io, 'The owner says yes (the demo answers by itself).');
    io.stdout.write('\n');
    return true;
  }
  const typed = await io.ask('\nYou are the owner. yes / no? ');
  io.stdout.write('\n');
  return typed === undefined ? undefined : /^y(?:es)?$/i.test(typed.trim());
}

async function conclude(face: Face, host: Host, run: Followed & Setting): Promise<number> {
  const { io, config, jorbId, activity, failure } = run;
  const brief = await host.call('brief', {});
  printTitle(io, 'The brief, as the assistant would tell it:');
  printFramed(io, brief.text, 'blue');
  const detail = await face.owner.store.getJorb(jorbId);
  if (!detail) throw new Error(`${jorbId} is gone`);
  const checks = judgeDemo({
    detail,
    activity,
    refused: run.refused,
    wire: readWireLog(findWireLog(config.dataDir)),
    homeAddress: profile.home_address,
    brain: config.thinking.provider,
  });
  printTitle(io, 'Checked against the rows and the wire log:');
  for (const check of checks) printCheck(io, check);
  io.stdout.write('\n');
  if (failure) {
    io.stderr.write(`jorbs: the demo did not come to its end: ${failure}\n`);
    return exitCodes.failure;
  }
  return report(io, checks);
}

function report(io: CliIo, checks: Check[]): number {
  const failed = checks.filter((check) => !check.passed);
  if (failed.length === 0) return exitCodes.done;
  io.stderr.write(
    `jorbs: the demo did not show what it should: ${failed.map(({ text }) => text).join('; ')}\n`,
  );
  return exitCodes.failure;
}
