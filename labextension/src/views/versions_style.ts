/** The style sheet of the version browser, beside that of all views. */
import { HIGHEST, ROW } from './versions_window';

export const VERSIONS_STYLE = `
.hx { --hxv-l0: #1761b8; --hxv-l1: #a34c00; --hxv-l2: #1e7237; --hxv-l3: #7a45c0; --hxv-l4: #b0266f; --hxv-l5: #0f6b74; }
@media (prefers-color-scheme: dark) { body:not([data-jp-theme-light]):not(.vscode-light) .hx { LANES } }
[data-jp-theme-light='false'] .hx, body.vscode-dark .hx { LANES }
.hxv-main { overflow: hidden; }
.hxv-main .hx-panel { max-height: ${HIGHEST}px; }
@container (max-width: 640px) { .hxv-main .hx-beside { flex: none; } }
.hxv-grid { position: relative; overflow: auto; max-height: ${HIGHEST}px; outline: none; font-size: 12.5px; font-variant-numeric: tabular-nums; overscroll-behavior: contain; }
.hxv-main:focus-within { border-color: var(--hx-accent); }
.hxv-grid:focus-visible .hxv-active { outline: 2px solid var(--hx-accent); outline-offset: -2px; }
.hxv-top { position: sticky; top: 0; z-index: 3; min-width: max(100%, var(--hxv-least)); background: var(--hx-ground); border-bottom: 1px solid var(--hx-line); }
.hxv-head, .hxv-row { display: grid; grid-template-columns: var(--hxv-columns); align-items: center; }
.hxv-head { height: 33px; }
.hxv-body { position: relative; min-width: max(100%, var(--hxv-least)); }
.hxv-row { position: absolute; left: 0; right: 0; top: 0; height: ${ROW}px; cursor: pointer; background: var(--hx-ground); contain: layout style; }
.hxv-row:hover, .hxv-pointed { background: var(--hx-hover); }
.hxv-row[aria-selected='true'] { background: color-mix(in srgb, var(--hx-accent) 13%, var(--hx-ground)); }
.hxv-opened { box-shadow: inset 3px 0 0 var(--hx-accent); }
.hxv-cell { padding: 0 10px; min-width: 0; height: 100%; display: flex; align-items: center; gap: 6px; white-space: nowrap; overflow: hidden; }
.hxv-row .hxv-cell { border-bottom: 1px solid color-mix(in srgb, var(--hx-line) 55%, transparent); }
.hxv-row .hxv-graph { border-bottom: 0; }
/* which version a row is of is to be seen however far one scrolls to the side */
.hxv-id { position: sticky; left: 0; z-index: 1; background: inherit; }
.hxv-head { background: inherit; }
.hxv-choose { justify-content: center; padding: 0; }
.hxv-choose input { margin: 0; cursor: pointer; accent-color: var(--hx-accent); }
.hxv-graph { padding: 0; }
.hxv-graph svg { display: block; flex: none; }
.hxv-figure, .hxv-count, .hxv-when { justify-content: flex-end; position: relative; }
.hxv-when { color: var(--hx-soft); }
.hxv-count { padding: 0 8px; }
.hxv-head .hxv-cell { padding: 0; overflow: visible; }
.hxv-head .hxv-graph, .hxv-head .hxv-choose { overflow: hidden; }
.hxv-sort {
  all: unset; box-sizing: border-box; cursor: pointer; width: 100%; height: 100%; padding: 0 10px; display: flex; align-items: center; gap: 4px;
  font-weight: 600; font-size: 12px; color: var(--hx-soft); overflow: hidden; white-space: nowrap;
}
.hxv-sort > span:first-child { overflow: hidden; text-overflow: ellipsis; }
.hxv-figure .hxv-sort, .hxv-when .hxv-sort, .hxv-count .hxv-sort { justify-content: flex-end; }
.hxv-count .hxv-sort { padding: 0 8px; }
.hxv-sort:hover, [aria-sort='ascending'] .hxv-sort, [aria-sort='descending'] .hxv-sort { color: var(--hx-text); }
.hxv-sort:focus-visible { outline: 2px solid var(--hx-accent); outline-offset: -2px; }
.hxv-way-sorted { font-size: 8px; }
.hxv-text { overflow: hidden; text-overflow: ellipsis; flex: 0 1 auto; min-width: 0; }
.hxv-note { overflow: hidden; text-overflow: ellipsis; flex: 1 1 0; min-width: 0; font-style: italic; }
.hxv-chip {
  display: inline-flex; align-items: center; flex: none; max-width: 140px; overflow: hidden; text-overflow: ellipsis; border: 1px solid var(--hx-line); border-radius: 9px;
  padding: 0 7px; line-height: 17px; font-size: 11.5px; font-weight: 400; background: var(--hx-ground);
}
.hxv-here { border-color: var(--hx-accent); color: var(--hx-accent); font-weight: 600; }
.hxv-failed { color: var(--hx-failed); flex: none; }
.hxv-interrupted { color: var(--hx-compute); flex: none; }
.hxv-done { color: var(--hx-done); }
.hxv-failed .hx-mark { --hx-tone: var(--hx-failed); }
.hxv-done .hx-mark { --hx-tone: var(--hx-done); }
.hxv-best { font-weight: 650; color: var(--hx-done); }
.hxv-bar { position: absolute; left: 10px; right: 10px; bottom: 3px; height: 2px; border-radius: 1px; background: var(--hx-line); overflow: hidden; }
.hxv-bar::after { content: ''; display: block; height: 100%; width: calc(100% * var(--hxv-share)); background: var(--hx-accent); opacity: 0.75; }
.hxv-way { fill: none; stroke-width: 2; stroke: var(--hxv-tone); }
.hxv-dot { fill: var(--hxv-tone); stroke: var(--hxv-tone); stroke-width: 1.6; }
.hxv-hollow { fill: var(--hx-ground); }
.hxv-ring { fill: var(--hx-ground); }
.hxv-lane-0 { --hxv-tone: var(--hxv-l0); } .hxv-lane-1 { --hxv-tone: var(--hxv-l1); } .hxv-lane-2 { --hxv-tone: var(--hxv-l2); }
.hxv-lane-3 { --hxv-tone: var(--hxv-l3); } .hxv-lane-4 { --hxv-tone: var(--hxv-l4); } .hxv-lane-5 { --hxv-tone: var(--hxv-l5); }

[data-view='versions'] > .hx-toolbar > .hx-tools { flex: 1 1 290px; justify-content: flex-end; }
.hx .hxv-filter { flex: 1 1 120px; max-width: 270px; }
.hxv-problem { color: var(--hx-failed); }
.hxv-menu { position: relative; }
.hxv-menu summary { list-style: none; }
.hxv-menu summary::after { content: ' ▾'; color: var(--hx-soft); }
.hxv-menu-list {
  position: absolute; right: 0; top: 28px; z-index: 6; min-width: 270px; max-height: 300px; overflow: auto; padding: 6px 0; border: 1px solid var(--hx-line); border-radius: 8px;
  background: var(--hx-ground); box-shadow: 0 4px 16px rgb(0 0 0 / 20%); font-size: 12px;
}
.hxv-menu-row { display: grid; grid-template-columns: 1fr 74px 66px; align-items: center; gap: 8px; padding: 2px 12px; }
.hxv-menu-row label { display: flex; align-items: center; gap: 4px; cursor: pointer; color: var(--hx-soft); }
.hxv-menu-row input { margin: 0; accent-color: var(--hx-accent); }
.hxv-word { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; margin-bottom: 8px; padding: 6px 12px; border: 1px solid var(--hx-line); border-left: 3px solid var(--hx-accent); border-radius: 6px; font-size: 12.5px; }
.hxv-word p { flex: 1 1 260px; }
.hx .hxv-delete { color: var(--hx-failed); }
.hx .hxv-area { width: 100%; font: 12px/1.5 var(--hx-mono); color: var(--hx-text); background: var(--hx-ground); border: 1px solid var(--hx-line); border-radius: 6px; padding: 5px 8px; resize: vertical; }
.hxv-area::placeholder { color: var(--hx-soft); opacity: 1; }
.hxv-area:focus-visible { outline: 2px solid var(--hx-accent); outline-offset: 1px; }

.hxv-strip { display: flex; flex-wrap: wrap; gap: 10px; padding-bottom: 10px; }
.hxv-chart { margin: 0; border: 1px solid var(--hx-line); border-radius: 8px; padding: 5px 8px 3px; }
.hxv-chart figcaption { display: flex; justify-content: space-between; gap: 8px; font-size: 12px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.hxv-chart strong { font-weight: 600; overflow: hidden; text-overflow: ellipsis; }
.hxv-curve { display: block; overflow: visible; cursor: crosshair; }
.hxv-line { fill: none; stroke: var(--hxv-tone); stroke-width: 1.5; stroke-linejoin: round; }
.hxv-gap { stroke-dasharray: 3 3; opacity: 0.8; }
.hxv-level { stroke: var(--hx-line); stroke-dasharray: 2 3; }
.hxv-tick { font: 10px var(--jp-ui-font-family, system-ui, sans-serif); fill: var(--hx-soft); font-variant-numeric: tabular-nums; }
.hxv-end { text-anchor: end; }
.hxv-point { fill: var(--hxv-tone); }
.hxv-now { fill: var(--hx-ground); stroke: var(--hxv-tone); stroke-width: 2; }
.hxv-top-dot { fill: var(--hx-done); }
.hxv-star { font-size: 11px; text-anchor: middle; fill: var(--hx-done); }
.hxv-hair line { stroke: var(--hx-soft); }
.hxv-under { fill: var(--hx-text); stroke: var(--hx-ground); stroke-width: 1.5; }

.hxv-panel .hx-title { display: flex; align-items: center; gap: 8px; }
.hxv-edit { display: flex; gap: 6px; align-items: flex-start; margin: 4px 0; }
.hx .hxv-wide { flex: 1; width: auto; min-width: 0; }
.hx .hxv-tag { width: 110px; }
.hxv-edited { border-color: var(--hx-accent) !important; }
.hxv-actions { display: flex; flex-wrap: wrap; gap: 6px; padding: 10px 0 0; }
.hxv-tags { display: flex; flex-wrap: wrap; gap: 4px 6px; align-items: center; }
.hxv-tags .hxv-edit { margin: 0; }
.hxv-tags .hxv-chip { line-height: 22px; border-radius: 12px; padding-right: 2px; }
.hx .hxv-chip .hx-button { border: 0; min-height: 20px; height: 20px; padding: 0 6px; background: none; }
.hxv-panel .hx-fields .hx-button { height: 20px; min-height: 20px; line-height: 14px; padding: 1px 7px; }
.hxv-nodes { width: 100%; border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; }
.hx .hxv-nodes th, .hx .hxv-nodes td { padding: 2px 8px; text-align: right; border-bottom: 1px solid var(--hx-line); white-space: nowrap; background: none; }
.hx .hxv-nodes th:first-child, .hx .hxv-nodes td:first-child { text-align: left; max-width: 170px; overflow: hidden; text-overflow: ellipsis; }
.hxv-mono { font-family: var(--hx-mono); }
.hxv-below { border: 1px solid var(--hx-line); border-radius: 8px; margin-top: 8px; padding: 8px 14px 12px; }
.hxv-below-head { display: flex; justify-content: space-between; align-items: center; }
`.replaceAll('LANES', 'color-scheme: dark; --hxv-l0: #79b8ff; --hxv-l1: #f0a35e; --hxv-l2: #6fd08c; --hxv-l3: #c4a2f5; --hxv-l4: #f58fc2; --hxv-l5: #63cbd6;');
