import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', 'src');

/** Which folders a folder may import from, besides itself. `.` is the files directly under src. */
const arrows: Record<string, string[]> = {
  'main.ts': ['app.ts', 'config.ts', 'cli', 'mcp', 'runtime', 'domain', 'lib'],
  'app.ts': ['config.ts', 'runtime', 'agent', 'db', 'brains', 'channels', 'domain', 'lib'],
  'config.ts': ['settings.ts', 'command-line.ts', 'runtime', 'domain', 'lib'],
  'command-line.ts': ['domain', 'lib'],
  'settings.ts': ['runtime', 'domain', 'lib'],
  cli: ['app.ts', 'config.ts', 'runtime', 'domain', 'lib'],
  mcp: ['runtime', 'domain', 'lib'],
  runtime: ['agent', 'db', 'domain', 'lib'],
  agent: ['domain', 'lib'],
  db: ['domain', 'lib'],
  brains: ['domain', 'lib'],
  channels: ['domain', 'lib'],
  domain: ['lib'],
  lib: [],
};

/** Packages that only some folders may know. A package that is not here is for everyone. */
const keepers: [RegExp, string[]][] = [
  [/^(drizzle-orm|better-sqlite3)(\/|$)/, ['db']],
  [/^@modelcontextprotocol\/server(\/|$)/, ['mcp']],
  [/^@modelcontextprotocol\/client(\/|$)/, ['cli']],
  [/^openai(\/|$)/, ['brains']],
  [/^@pydantic\/genai-prices$/, ['brains']],
  [/^pino$/, ['lib']],
  [/^croner$/, ['lib']],
  [/^@anthropic-ai\/sdk(\/|$)/, ['brains']],
  // Outgoing connections are made by the guarded client of the web channel; the runtime has its local socket.
  [/^(node:)?(net|http|https|http2|dns|dgram|tls)(\/|$)/, ['runtime', 'channels']],
  [/^ipaddr\.js$/, ['channels']],
  [/^nodemailer(\/|$)/, ['channels']],
];

/** The target of an import at the start of a line, or of a dynamic one anywhere. Re-exports are forbidden below. */
const importPattern = /^import\b[^'"`;=]*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

/** The first part of a path under src: a folder, or a file that stands alone. */
function areaOf(file: string): string {
  return relative(root, file).split('/')[0] ?? '';
}

function listImports(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(importPattern)].map(
    ([, stated, loaded]) => stated ?? loaded ?? '',
  );
}

const sources = listSources(root);

test('imports only go down', () => {
  const violations = sources.flatMap((file) =>
    listImports(file)
      .filter((target) => target.startsWith('.'))
      .map((target) => areaOf(join(dirname(file), target)))
      .filter((area) => area !== areaOf(file) && !arrows[areaOf(file)]?.includes(area))
      .map((area) => `${relative(root, file)} -> ${area}`),
  );
  expect(violations).toEqual([]);
});

test('each library is known to one folder', () => {
  const violations = sources.flatMap((file) =>
    listImports(file).flatMap((target) =>
      keepers
        .filter(([pattern, areas]) => pattern.test(target) && !areas.includes(areaOf(file)))
        .map(() => `${relative(root, file)} -> ${target}`),
    ),
  );
  expect(violations).toEqual([]);
});

/** What is loaded with a file: the targets of its imports that are neither types nor dynamic, and of theirs. */
function listLoaded(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const stated = readFileSync(file, 'utf8').matchAll(/^import (?!type\b)[^'"`;=]*['"]([^'"]+)['"]/gm);
  return [...stated].flatMap(([, target = '']) =>
    target.startsWith('.') ? listLoaded(join(dirname(file), target), seen) : [target],
  );
}

test('what speaks to the outside is loaded when it is first used', () => {
  const loaded = listLoaded(join(root, 'app.ts'));
  expect(loaded).toContain('zod');
  expect(loaded.filter((target) => /^(openai|@anthropic-ai|ipaddr|nodemailer)/.test(target))).toEqual([]);
});

test('the domain knows only itself, lib and zod', () => {
  const violations = sources
    .filter((file) => areaOf(file) === 'domain')
    .flatMap((file) => listImports(file).filter((target) => !target.startsWith('.') && target !== 'zod'));
  expect(violations).toEqual([]);
});

const forbidden: [string, RegExp, (area: string) => boolean][] = [
  ['module state', /^(export )?let /m, () => true],
  ['reads of the environment', /process\.env/, (area) => area !== 'main.ts' && area !== 'config.ts'],
  ['writes to stdout', /process\.stdout|console\.log/, (area) => area !== 'cli' && area !== 'main.ts'],
  ['uses of the global fetch', /(?<![.\w])fetch\(/, (area) => area !== 'brains'],
  ['re-exports', /^export (\*|\{[^}]*\}) from/m, () => true],
  ['SDKs of models loaded at start', /^import (?!type\b)[^;]*['"](openai|@anthropic-ai\/sdk)/m, () => true],
  ['unfinished work', /\b(TODO|FIXME|not implemented)\b/i, () => true],
];

test.each(forbidden)('there are no %s', (_, pattern, appliesTo) => {
  const violations = sources
    .filter((file) => appliesTo(areaOf(file)) && pattern.test(readFileSync(file, 'utf8')))
    .map((file) => relative(root, file));
  expect(violations).toEqual([]);
});

test('no test mocks a module', () => {
  const tests = listSources(import.meta.dirname).filter((file) => file !== import.meta.filename);
  expect(tests.filter((file) => /vi\.mock\(/.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('no file is longer than 500 lines', () => {
  const long = sources.filter((file) => readFileSync(file, 'utf8').split('\n').length > 500);
  expect(long.map((file) => relative(root, file))).toEqual([]);
});
