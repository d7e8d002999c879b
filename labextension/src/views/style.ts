import { h } from './dom';

// there once in a page, whatever number of modules brings it
const SHARED = 'hx-style';

/**
 * A view's style: what all views share, and its `own` rules.
 *
 * The shared rules stand in the page once, before all views: a copy in each would undo what the view above says of its own
 * with as much weight. A shadow root, which they do not reach, has the copy in a layer, and no rules of a page around it.
 */
export function styled(own = ''): HTMLElement {
  const shared = document.getElementById(SHARED) ?? h('style', { id: SHARED });
  if (shared.textContent !== STYLE) shared.textContent = STYLE;
  if (!shared.isConnected) document.body.prepend(shared);
  const style = h('style');
  style.textContent = `@layer hx {${STYLE}}${own}`;
  return style;
}

/**
 * The views' style sheet. Grounds and text come from JupyterLab's theme where there is one; the colours of states are our
 * own, chosen for a contrast of 4.5:1 and more with both grounds of their theme.
 */
export const STYLE = `
.hx {
  --hx-ground: var(--jp-layout-color1, #ffffff);
  --hx-text: var(--jp-content-font-color1, #1f2328);
  --hx-soft: #57606a;
  --hx-line: #d3d9df;
  --hx-edge: #8b949e;
  --hx-hover: #eef1f4;
  --hx-accent: #0b63c5;
  --hx-on-accent: #ffffff;
  --hx-compute: #a34c00;
  --hx-load: #1761b8;
  --hx-quiet: #5d6773;
  --hx-failed: #c0262d;
  --hx-done: #1e7237;
  --hx-down: #7a45c0;
  --hx-k: #8a0a1c; --hx-s: #0a3069; --hx-c: #3c434b; --hx-n: #04429a; --hx-f: #582ca8; --hx-b: #7a2e00;
  --hx-mono: var(--jp-code-font-family, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace);
  position: relative;
  container-type: inline-size;
  color: var(--hx-text);
  background: var(--hx-ground);
  font: 13px/1.45 var(--jp-ui-font-family, system-ui, sans-serif);
  text-align: left;
  margin: 2px 0;
}
@media (prefers-color-scheme: dark) {
  body:not([data-jp-theme-light]):not(.vscode-light) .hx { --hx-ground: #15181d; --hx-text: #e6edf3; }
  body:not([data-jp-theme-light]):not(.vscode-light) .hx { DARK }
}
[data-jp-theme-light='false'] .hx { DARK }
body.vscode-dark .hx { --hx-ground: #1f1f1f; --hx-text: #e6edf3; DARK }
.hx *, .hx *::before { box-sizing: border-box; }
.hx [hidden] { display: none !important; }
.hx p, .hx ul, .hx dl, .hx dd, .hx pre { margin: 0; padding: 0; }
.hx-soft { color: var(--hx-soft); }
.hx a { color: var(--hx-accent); text-decoration: underline; }
.hx-plain { font: 12px var(--hx-mono); }
.hx-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.hx-toolbar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 6px 16px; padding: 2px 0 8px; }
.hx-counts { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 14px; font-variant-numeric: tabular-nums; }
.hx-counts strong { font-weight: 600; }
.hx-count { white-space: nowrap; }
.hx-tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; }
:where(.hx-toolbar) > .hx-tools { justify-content: flex-end; margin-left: auto; }
.hx-matches { min-width: 3.5em; text-align: right; font-variant-numeric: tabular-nums; }
.hx-groups { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 6px; }
.hx .hx-search, .hx .hx-button, .hx .hx-scale {
  font: inherit; font-size: 12px; line-height: 16px; color: var(--hx-text); background: var(--hx-ground);
  border: 1px solid var(--hx-line); border-radius: 6px; padding: 3px 9px; min-height: 24px; height: 24px;
}
.hx .hx-search { width: 150px; }
.hx-search::placeholder { color: var(--hx-soft); opacity: 1; }
.hx .hx-button { cursor: pointer; }
.hx .hx-button:hover:not(:disabled) { background: var(--hx-hover); }
.hx .hx-button:disabled { cursor: default; color: var(--hx-soft); opacity: 0.75; }
.hx .hx-primary:not(:disabled) { background: var(--hx-accent); border-color: var(--hx-accent); color: var(--hx-on-accent); font-weight: 600; }
.hx .hx-primary:hover:not(:disabled) { background: color-mix(in srgb, var(--hx-accent) 88%, var(--hx-text)); }
.hx .hx-button[aria-pressed='true'] { background: var(--hx-hover); font-weight: 600; }
.hx-button:focus-visible, .hx-search:focus-visible, .hx-panel:focus-visible, .hx-code:focus-visible, .hx-scroll:focus-visible, .hx summary:focus-visible {
  outline: 2px solid var(--hx-accent); outline-offset: 1px;
}
.hx-joined { display: flex; }
.hx .hx-joined > * { border-radius: 0; margin-left: -1px; }
.hx .hx-joined > :first-child { border-radius: 6px 0 0 6px; margin-left: 0; }
.hx .hx-joined > :last-child { border-radius: 0 6px 6px 0; }
.hx .hx-scale { min-width: 48px; padding: 3px 4px; text-align: center; color: var(--hx-soft); font-variant-numeric: tabular-nums; }
.hx .hx-chip { border-radius: 12px; }
.hx-chip::before { content: '▾ '; color: var(--hx-soft); }
.hx-chip[aria-expanded='false']::before { content: '▸ '; }
.hx .hx-quiet { border-color: transparent; font-size: 16px; padding: 0 7px; }

.hx-run { display: flex; align-items: center; gap: 12px; padding: 0 0 8px; font-variant-numeric: tabular-nums; }
.hx-bar { flex: 1 1 120px; height: 6px; border-radius: 3px; background: var(--hx-line); overflow: hidden; }
.hx-bar-done { height: 100%; background: var(--hx-accent); border-radius: 3px; transition: width 0.25s linear; }
.hx .hx-stop { color: var(--hx-failed); border-color: var(--hx-failed); font-weight: 600; }

.hx-open { min-height: 440px; }
.hx-main { display: flex; border: 1px solid var(--hx-line); border-radius: 8px; overflow: hidden; }
.hx-beside { position: relative; flex: 1 1 60%; min-width: 0; }
.hx-frame-of-picture { position: relative; overflow: hidden; cursor: grab; touch-action: pan-y; height: 100%; }
.hx-frame-of-picture:active { cursor: grabbing; }
.hx-nothing { padding: 24px; }
.hx-picture { position: absolute; left: 0; top: 0; transform-origin: 0 0; overflow: visible; display: block; max-width: none; }
.hx-moving .hx-picture { will-change: transform; }
.hx-picture text { fill: var(--hx-text); user-select: none; }
.hx-name { font: 600 12px var(--hx-mono); }
.hx-picture .hx-words {
  font: 400 10.5px var(--hx-mono); font-size: calc(10.5px * min(var(--hx-larger, 1), var(--hx-words-room, 1))); fill: var(--hx-soft);
}
.hx-small .hx-name { font-size: calc(12px * min(1.2, var(--hx-name-room, 1))); }
.hx-small { --hx-larger: 1.2; }
.hx-far { font-family: var(--hx-mono); font-weight: 600; text-anchor: middle; }
.hx-far, .hx-far-icon { display: none; }
.hx-node { cursor: pointer; outline: none; --hx-tone: var(--hx-quiet); }
.hx-box { fill: var(--hx-ground); fill: color-mix(in srgb, var(--hx-tone) 9%, var(--hx-ground)); stroke: var(--hx-tone); stroke-width: 1.5; }
.hx-behind { fill: var(--hx-ground); stroke: var(--hx-tone); stroke-width: 1.5; }
.hx-ring { fill: none; stroke: none; stroke-width: 2; }
.hx-node:hover .hx-box { stroke-width: 2.2; }
.hx-node:focus-visible .hx-ring, .hx-chosen .hx-ring { stroke: var(--hx-accent); }
.hx-icon { fill: none; stroke: var(--hx-tone); stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.hx-mark { --hx-tone: var(--hx-quiet); vertical-align: -1px; overflow: visible; }
.hx-dot { fill: none; stroke: var(--hx-soft); stroke-width: 1.5; }
.hx-dot.hx-is-fresh { fill: var(--hx-soft); }
.hx-is-compute, .hx-is-running, .hx-is-interrupted { --hx-tone: var(--hx-compute); }
.hx-is-load, .hx-is-loaded { --hx-tone: var(--hx-load); }
.hx-is-failed, .hx-is-error { --hx-tone: var(--hx-failed); }
.hx-is-done { --hx-tone: var(--hx-done); }
.hx-far-icon { fill: none; stroke: var(--hx-tone); stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.hx-is-compute > .hx-icon, .hx-is-running > .hx-icon, .hx-is-compute > .hx-far-icon, .hx-is-running > .hx-far-icon { fill: var(--hx-tone); }
.hx-is-prune .hx-box, .hx-is-left .hx-box, .hx-is-unreached .hx-box, .hx-is-queued .hx-box { stroke-dasharray: 4 3; fill: var(--hx-ground); }
.hx-is-none .hx-box { fill: var(--hx-ground); }
.hx-is-running .hx-box { stroke-width: 2.5; }
@media (prefers-reduced-motion: no-preference) {
  .hx-is-running > .hx-icon { animation: hx-breathe 1.2s ease-in-out infinite alternate; }
}
@keyframes hx-breathe { from { opacity: 1; } to { opacity: 0.35; } }
.hx-way { fill: none; stroke: var(--hx-edge); stroke-width: 1.2; }
.hx-tip { fill: var(--hx-edge); }
.hx-chain .hx-way { stroke-width: 2.5; }
.hx-afar .hx-name, .hx-afar .hx-words, .hx-afar .hx-icon, .hx-afar .hx-dot { display: none; }
.hx-afar .hx-far, .hx-afar .hx-far-icon { display: inline; }
.hx-afar .hx-box { stroke-width: 2.5; fill: color-mix(in srgb, var(--hx-tone) 16%, var(--hx-ground)); }
.hx-afar .hx-way { stroke-width: 1.8; }
.hx-choosing .hx-node:not(.hx-up):not(.hx-down):not(.hx-chosen) { opacity: 0.32; }
.hx-choosing .hx-edge:not(.hx-up):not(.hx-down) { opacity: 0.25; }
.hx-edge.hx-up .hx-way { stroke: var(--hx-load); stroke-width: 1.8; }
.hx-edge.hx-up .hx-tip { fill: var(--hx-load); }
.hx-edge.hx-down .hx-way { stroke: var(--hx-down); stroke-width: 1.8; }
.hx-edge.hx-down .hx-tip { fill: var(--hx-down); }
.hx-searching .hx-node:not(.hx-found) { opacity: 0.3; }
.hx-searching .hx-edge { opacity: 0.3; }
.hx-searching .hx-found .hx-ring { stroke: var(--hx-accent); }

.hx-tooltip {
  position: absolute; z-index: 5; max-width: min(360px, 90%); pointer-events: none; padding: 5px 10px; border-radius: 6px;
  border: 1px solid var(--hx-line); background: var(--hx-ground); box-shadow: 0 3px 12px rgb(0 0 0 / 18%); font-size: 12px; overflow-wrap: anywhere;
}
.hx-panel { position: relative; flex: 0 0 min(400px, 46%); min-width: 0; overflow: auto; border-left: 1px solid var(--hx-line); padding: 10px 14px 14px; }
.hx-panel-head { display: grid; grid-template-columns: 1fr auto; align-items: start; gap: 2px 8px; }
.hx-panel-head p { grid-column: 1 / -1; overflow-wrap: anywhere; }
.hx-panel-head .hx-title { grid-column: 1; }
.hx .hx-title { font: 600 14px/1.4 var(--hx-mono); overflow-wrap: anywhere; }
.hx .hx-heading { font: 600 12px/1.4 var(--jp-ui-font-family, system-ui, sans-serif); color: var(--hx-text); margin: 14px 0 4px; overflow-wrap: anywhere; }
.hx-panel ul { padding-left: 18px; }
.hx .hx-links { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 6px; }
.hx .hx-links li { min-width: 0; }
.hx .hx-links .hx-button { font-family: var(--hx-mono); max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.hx .hx-code {
  font: 12px/1.5 var(--hx-mono); color: var(--hx-text); background: var(--hx-hover); border-radius: 6px; padding: 7px 10px; overflow: auto; max-height: 220px;
  white-space: pre; tab-size: 4;
}
.hx-k-k { color: var(--hx-k); } .hx-k-s { color: var(--hx-s); } .hx-k-c { color: var(--hx-c); }
.hx-k-n { color: var(--hx-n); } .hx-k-f { color: var(--hx-f); } .hx-k-b { color: var(--hx-b); }
.hx-stderr { border-left: 3px solid var(--hx-compute); }
.hx-code + .hx-code { margin-top: 4px; }
.hx-figure { display: block; max-width: 100%; height: auto; margin-top: 4px; border-radius: 4px; background: #ffffff; }
.hx-scroll { overflow: auto; max-height: 240px; border: 1px solid var(--hx-line); border-radius: 6px; margin: 4px 0; }
.hx-frame { min-width: 100%; border-collapse: collapse; font: 11.5px/1.4 var(--hx-mono); white-space: nowrap; }
.hx-frame th, .hx-frame td { padding: 3px 10px; text-align: right; border-bottom: 1px solid var(--hx-line); }
.hx-frame tr:last-child td { border-bottom: 0; }
.hx-frame th { font-weight: 600; vertical-align: bottom; }
.hx-frame .hx-label { text-align: left; color: var(--hx-soft); }
.hx-type { display: block; font-weight: 400; color: var(--hx-soft); }
.hx-fields { font-size: 12px; }
.hx-fields > div { display: flex; justify-content: space-between; gap: 16px; padding: 2px 0; border-bottom: 1px solid var(--hx-line); }
.hx-fields > div:last-child { border-bottom: 0; }
.hx-fields dt { flex: 0 0 auto; width: auto; max-width: 62%; font-weight: 400; overflow-wrap: break-word; }
.hx-fields dd { flex: 1 1 0; min-width: 0; color: var(--hx-soft); text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.hx-history { display: grid; grid-template-columns: 4.5em auto 1fr; align-items: center; gap: 10px; font-size: 12px; }
.hx-figure-now { font-variant-numeric: tabular-nums; color: var(--hx-soft); }
.hx-spark { overflow: visible; }
.hx-spark polyline { fill: none; stroke: var(--hx-accent); stroke-width: 1.5; stroke-linejoin: round; }
.hx-spark circle { fill: var(--hx-accent); }
.hx-help { font-size: 11.5px; padding: 5px 0 0 !important; }
@container (max-width: 640px) {
  .hx-main { flex-direction: column; height: auto !important; }
  .hx-beside { flex: 0 0 360px; }
  .hx-panel { flex-basis: auto; max-height: 480px; border-left: 0; border-top: 1px solid var(--hx-line); }
}
`.replaceAll(
  'DARK',
  `--hx-soft: #a5afba; --hx-line: #3d444d; --hx-edge: #8b949e; --hx-hover: #262c34; --hx-accent: #6cb2ff; --hx-on-accent: #0b1a2b; --hx-compute: #f0a35e;
  --hx-load: #79b8ff; --hx-quiet: #a0a9b4; --hx-failed: #ff8a85; --hx-done: #6fd08c; --hx-down: #c4a2f5;
  --hx-k: #ff9a93; --hx-s: #a5d6ff; --hx-c: #adb5be; --hx-n: #8fcbff; --hx-f: #dcbcff; --hx-b: #ffb77c;`
);
