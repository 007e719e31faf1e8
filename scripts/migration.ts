/**
 * Writes the next migration from the tables in src/db/tables: `npm run migration -- NAME`.
 * drizzle-kit knows no STRICT tables, so its statements are made strict here.
 * With `--custom` it writes an empty one, for triggers and data.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const [name, ...flags] = process.argv.slice(2);
if (!name) throw new Error('usage: npm run migration -- NAME [--custom]');

const args = [
  'generate',
  '--dialect',
  'sqlite',
  '--schema',
  './src/db/tables/*.ts',
  '--out',
  './drizzle',
  '--name',
  name,
];
execFileSync('drizzle-kit', [...args, ...flags], { stdio: 'inherit' });

const newest = readdirSync('drizzle')
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .at(-1);
if (!newest) throw new Error('drizzle-kit wrote no migration');
const path = `drizzle/${newest}`;
writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/^\);$/gm, ') STRICT;'));
