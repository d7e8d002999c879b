// A self-contained module for each kind of widget: nothing is fetched when it runs, and a widget carries no view but its
// own. Refuses to grow beyond what a saved notebook should carry.
import { build } from 'esbuild';
import { readdirSync, statSync } from 'node:fs';

const source = 'src/widget/kinds';
const outdir = '../helix_jupyter/view/static';
const LIMIT = 120 * 1024;

const kinds = readdirSync(source);
await build({
  entryPoints: kinds.map(kind => `${source}/${kind}`),
  outdir,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none'
});
for (const kind of kinds) {
  const file = `${outdir}/${kind.replace(/ts$/, 'js')}`;
  const { size } = statSync(file);
  console.log(`${file}: ${(size / 1024).toFixed(1)} KB`);
  if (size > LIMIT) {
    console.error(`That module is larger than ${LIMIT / 1024} KB: take something out.`);
    process.exitCode = 1;
  }
}
