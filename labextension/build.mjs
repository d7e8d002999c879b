// One self-contained module for anywidget: nothing is fetched when it runs. Refuses to grow beyond what a saved
// notebook should carry.
import { build } from 'esbuild';
import { statSync } from 'node:fs';

const outfile = '../helix_jupyter/view/static/widget.js';
const LIMIT = 120 * 1024;

await build({
  entryPoints: ['src/widget/index.ts'],
  outfile,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none'
});
const { size } = statSync(outfile);
console.log(`${outfile}: ${(size / 1024).toFixed(1)} KB`);
if (size > LIMIT) {
  console.error(`The widget's module is larger than ${LIMIT / 1024} KB: take something out.`);
  process.exit(1);
}
