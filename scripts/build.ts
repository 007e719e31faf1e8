/** Bundles the program into dist/: `npm run build`. Unbundled, Drizzle alone costs 400 ms at each start. */
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });

await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  // Native: it finds its binary beside its own package.json.
  external: ['better-sqlite3'],
  minify: true,
  legalComments: 'linked',
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as jorbsCreateRequire } from 'node:module';const require = jorbsCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

chmodSync('dist/main.js', 0o755);
