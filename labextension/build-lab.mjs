// The extension as one module whose packages stay JupyterLab's; its builder makes of it what a server ships.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';

for (const folder of ['lib', 'dist']) rmSync(folder, { recursive: true, force: true });

await build({
  entryPoints: ['src/lab/index.ts'],
  outdir: 'lib',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  target: 'es2022',
  charset: 'utf8'
});
