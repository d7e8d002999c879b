/** The style of versions beside each other. Grounds of changed lines are faint, so that code keeps its contrast on them. */
const LIGHT = `--hxd-was: #ffebe9; --hxd-was-word: #ffc9c4; --hxd-is: #e3f7e8; --hxd-is-word: #abe9bb; --hxd-none: #f3f5f7;`;
const DARK = `--hxd-was: #3c1d20; --hxd-was-word: #6e2a2e; --hxd-is: #15331f; --hxd-is-word: #22582f; --hxd-none: #1f242b;`;

export const COMPARE_STYLE = `
.hxd { ${LIGHT} --hxd-before: var(--hx-compute); --hxd-after: var(--hx-load); }
@media (prefers-color-scheme: dark) { body:not([data-jp-theme-light]):not(.vscode-light) .hxd { ${DARK} } }
[data-jp-theme-light='false'] .hxd, body.vscode-dark .hxd { ${DARK} }
.hx-is-added { --hx-tone: var(--hx-done); }
.hx-is-removed { --hx-tone: var(--hx-failed); }
.hx-is-edited { --hx-tone: var(--hx-compute); }
.hx-is-affected { --hx-tone: var(--hx-down); }
.hx-is-removed .hx-box { stroke-dasharray: 4 3; }
.hx-is-same .hx-box { fill: var(--hx-ground); stroke-width: 1; }

.hxd-top { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 6px 16px; padding: 2px 0 8px; }
.hxd-pair { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; min-width: 0; }
.hxd-version { overflow-wrap: anywhere; }
.hxd-badge { font-size: 11px; border-radius: 4px; padding: 1px 5px; border: 1px solid var(--hxd-before); }
.hxd-badge-after { border-color: var(--hxd-after); background: var(--hx-hover); }
.hxd-tag { font-size: 11px; border: 1px solid var(--hx-line); border-radius: 9px; padding: 0 7px; margin-left: 6px; white-space: nowrap; }
.hxd-top .hx-tools { margin-left: auto; }
.hxd-said { max-width: 420px; overflow-wrap: anywhere; }
.hx .hxd-select { max-width: 220px; }
.hxd-frame { display: flex; flex-direction: column; border: 1px solid var(--hx-line); border-radius: 8px; overflow: hidden; height: min(760px, 86vh); min-height: 320px; max-height: max-content; resize: vertical; }
.hxd-overview { flex: none; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 2px 18px; padding: 4px 12px; border-bottom: 1px solid var(--hx-line); background: var(--hx-hover); }
.hxd-counts { display: flex; flex-wrap: wrap; gap: 0 14px; font-variant-numeric: tabular-nums; }
.hxd-jumps { display: flex; flex-wrap: wrap; gap: 0 2px; margin: 0 -8px; }
.hx .hxd-jump { font: inherit; font-size: 12px; color: var(--hx-text); background: none; border: 0; border-bottom: 2px solid transparent; padding: 3px 8px; min-height: 24px; cursor: pointer; }
.hxd-jump:hover { background: var(--hx-line); }
.hxd-jump[aria-current] { border-bottom-color: var(--hx-accent); font-weight: 600; }
.hxd-jump:focus-visible, .hxd-body:focus-visible, .hxd-link:focus-visible, .hxd-scroll:focus-visible, .hxd-slider:focus-visible { outline: 2px solid var(--hx-accent); outline-offset: -2px; }
.hxd-body { flex: 1 1 auto; min-height: 0; overflow: auto; padding: 0 12px 12px; display: flex; flex-wrap: wrap; align-content: flex-start; column-gap: 32px; }
.hxd-part, .hxd-card, .hxd-value { outline: none; }
.hxd-part { padding-top: 10px; flex: 1 0 100%; min-width: 0; max-width: 100%; }
.hxd-part[data-part='Metrics'] { flex: 0 1 auto; }
.hxd-part[data-part='Parameters'] { flex: 1 1 240px; }
.hx .hxd-title { font-weight: 600; font-size: 13px; padding-bottom: 4px; }
.hxd-number { display: inline-block; margin-left: 6px; font-weight: 400; font-size: 11px; line-height: 16px; padding: 0 6px; border-radius: 8px; background: var(--hx-hover); color: var(--hx-soft); }
@media (prefers-reduced-motion: no-preference) { .hxd-here { animation: hxd-here 1.4s ease-out; } }
@keyframes hxd-here { from { box-shadow: 0 0 0 2px var(--hx-accent); } to { box-shadow: 0 0 0 2px transparent; } }

.hxd-scroll { overflow-x: auto; }
.hx .hxd-table { border-collapse: collapse; font-size: 12px; line-height: 1.4; font-variant-numeric: tabular-nums; margin: 0; color: inherit; }
.hx .hxd-table tr, .hx .hxd-table tr:hover { background: none; }
.hx .hxd-table th, .hx .hxd-table td { text-align: left; padding: 3px 12px 3px 0; border: 0; border-bottom: 1px solid var(--hx-line); font-weight: 400; vertical-align: middle; max-width: 340px; overflow-wrap: break-word; white-space: normal; }
.hx .hxd-table thead th { color: var(--hx-soft); font-size: 11px; white-space: nowrap; }
.hx .hxd-table tbody tr:last-child > * { border-bottom: 0; }
.hx .hxd-table .hxd-figure { text-align: right; white-space: nowrap; }
.hx .hxd-table tbody tr:hover { background: var(--hx-hover); }
.hxd-name { font: 600 12px var(--hx-mono); overflow-wrap: break-word; }
.hxd-plain { font: 12px var(--hx-mono); }
.hxd-columns { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 4px 40px; }
.hxd-columns > * { min-width: 0; max-width: 100%; }
.hxd-was, .hxd-is { font: 12px var(--hx-mono); text-decoration: none; border-radius: 3px; padding: 1px 5px; color: var(--hx-text); overflow-wrap: anywhere; }
p.hxd-head + .hxd-columns { padding-top: 2px; }
.hxd-was { background: var(--hxd-was-word); }
.hxd-is { background: var(--hxd-is-word); }
.hxd-better { color: var(--hx-done); font-weight: 600; }
.hxd-worse { color: var(--hx-failed); font-weight: 600; }
.hxd-mark { white-space: nowrap; }
.hx .hxd-more { margin: 6px 0; }

.hxd-graph { position: relative; border: 1px solid var(--hx-line); border-radius: 6px; overflow: hidden; }
.hxd-zoom { position: absolute; right: 6px; bottom: 6px; }
.hxd-card { border: 1px solid var(--hx-line); border-radius: 6px; margin-bottom: 8px; overflow: hidden; }
.hx .hxd-card-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 10px; padding: 4px 10px; background: var(--hx-hover); overflow-wrap: anywhere; }
.hxd-notes { min-width: 0; overflow-wrap: anywhere; }
.hx .hxd-link { font: 12px var(--hx-mono); border: 0; background: none; padding: 0 2px; min-height: 24px; color: var(--hx-accent); cursor: pointer; text-decoration: underline; }
.hxd-code { font: 12px/1.5 var(--hx-mono); border-top: 1px solid var(--hx-line); }
.hxd-row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.hxd-one .hxd-row { grid-template-columns: minmax(0, 1fr); }
.hxd-unchanged .hxd-row { grid-template-columns: minmax(0, 1fr); }
.hxd-one .hxd-nothing, .hxd-unchanged .hxd-side:first-child { display: none; }
.hxd-unchanged .hxd-side + .hxd-side { border-left: 0; }
.hxd-side { display: flex; min-width: 0; }
.hxd-side + .hxd-side { border-left: 1px solid var(--hx-line); }
.hxd-side code { font: inherit; color: var(--hx-text); background: none; padding: 0 8px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; min-width: 0; }
.hxd-count { flex: none; width: 3.6em; padding-right: 0.8em; text-align: right; color: var(--hx-soft); user-select: none; }
.hxd-sign { flex: none; width: 1.4em; color: var(--hx-text); white-space: pre; user-select: none; }
.hxd-del { background: var(--hxd-was); }
.hxd-ins { background: var(--hxd-is); }
.hxd-nothing { background: var(--hxd-none); }
.hxd-del .hxd-count, .hxd-ins .hxd-count { color: var(--hx-text); }
.hxd-side del, .hxd-side ins { text-decoration: none; border-radius: 2px; color: inherit; }
.hxd-side del { background: var(--hxd-was-word); }
.hxd-side ins { background: var(--hxd-is-word); }
.hxd-fold { color: var(--hx-soft); background: var(--hxd-none); }
.hx .hxd-fold .hx-button { display: block; width: 100%; border: 0; border-radius: 0; background: none; text-align: left; padding-left: 4.4em; color: var(--hx-soft); font: 12px var(--hx-mono); }
.hx .hxd-fold .hx-button:hover { color: var(--hx-text); background: var(--hx-line); }

.hxd-values { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 540px), 1fr)); column-gap: 32px; }
.hxd-value { padding: 4px 0 8px; border-top: 1px solid var(--hx-line); min-width: 0; }
.hx .hxd-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 10px; padding: 2px 0; }
.hx .hxd-facts { list-style: none; display: flex; flex-wrap: wrap; gap: 0 18px; }
.hx .hxd-chips { display: flex; flex-wrap: wrap; gap: 4px 6px; padding: 2px 0 4px; }
.hxd-type { opacity: 0.85; }
.hx .hxd-missing { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding: 6px 10px; border: 1px dashed var(--hx-edge); border-radius: 6px; }
.hxd-spinner { width: 12px; height: 12px; border: 2px solid var(--hx-line); border-top-color: var(--hx-accent); border-radius: 50%; display: inline-block; }
@media (prefers-reduced-motion: no-preference) { .hxd-spinner { animation: hxd-turn 0.9s linear infinite; } }
@keyframes hxd-turn { to { transform: rotate(360deg); } }
.hxd-array { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; padding: 2px 0; }
.hxd-distribution { display: inline-block; line-height: 1.2; vertical-align: middle; }
.hxd-span { display: block; font-size: 11px; max-width: 150px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.hxd-histogram, .hxd-bars-pair { display: block; overflow: visible; flex: none; }
.hxd-bars rect, .hxd-bar-after { fill: var(--hxd-after); }
.hxd-bars rect { fill-opacity: 0.55; }
.hxd-outline { fill: none; stroke: var(--hxd-before); stroke-width: 1.5; stroke-linejoin: round; }
.hxd-base { stroke: var(--hx-edge); stroke-width: 1; fill: none; }
.hxd-bin { fill: transparent; }
.hxd-bin:hover { fill: var(--hx-edge); fill-opacity: 0.25; }
.hxd-bar-before { fill: var(--hx-ground); stroke: var(--hxd-before); stroke-width: 1.2; }
.hxd-key { white-space: nowrap; font-size: 11px; }
.hxd-key-before, .hxd-key-after { display: inline-block; width: 9px; height: 9px; margin: 0 4px 0 0; border: 1.5px solid var(--hxd-before); }
.hxd-key-after { border-color: var(--hxd-after); background: var(--hxd-after); margin-left: 4px; }
.hxd-shift { display: inline-flex; align-items: center; gap: 8px; white-space: nowrap; }
.hxd-below { display: block; font-size: 11px; }
.hxd-meter { width: 36px; height: 5px; border-radius: 3px; background: var(--hx-line); overflow: hidden; }
.hxd-meter > span { display: block; height: 100%; background: var(--hx-down); }

.hxd-figures { padding: 4px 0; }
.hxd-beside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 10px; }
.hxd-shot { display: flex; flex-direction: column; gap: 2px; font-size: 11px; }
.hxd-image { display: block; max-width: 100%; height: auto; background: #ffffff; border: 1px solid var(--hx-line); border-radius: 4px; align-self: flex-start; }
.hxd-swipe { display: inline-block; max-width: 100%; }
.hxd-stack { position: relative; }
.hxd-stack::after { content: ''; position: absolute; top: 0; bottom: 0; left: var(--hxd-at, 50%); border-left: 2px solid #0b63c5; }
.hxd-over { position: absolute; inset: 0; width: 100%; height: 100%; }
.hxd-several { border: 1px solid var(--hx-line); border-radius: 8px; padding: 0 12px 12px; }
.hxd-parallel { display: block; overflow: visible; }
.hxd-parallel text { fill: var(--hx-text); font: 11px var(--jp-ui-font-family, system-ui, sans-serif); }
.hxd-parallel .hxd-axis { font-weight: 600; }
.hxd-parallel .hxd-tick { fill: var(--hx-soft); }
.hxd-curve { --hx-tone: var(--hx-quiet); }
.hxd-tone-load { --hx-tone: var(--hx-load); } .hxd-tone-compute { --hx-tone: var(--hx-compute); } .hxd-tone-done { --hx-tone: var(--hx-done); }
.hxd-tone-down { --hx-tone: var(--hx-down); } .hxd-tone-failed { --hx-tone: var(--hx-failed); } .hxd-tone-quiet { --hx-tone: var(--hx-quiet); }
.hxd-line, .hxd-lead { fill: none; stroke: var(--hx-tone); stroke-width: 2; stroke-linejoin: round; }
.hxd-lead { stroke-width: 1; }
.hxd-wide { fill: none; stroke: transparent; stroke-width: 12; }
.hxd-curve circle { fill: var(--hx-tone); }
.hxd-parallel .hxd-here-value { display: none; paint-order: stroke; stroke: var(--hx-ground); stroke-width: 4px; }
.hxd-on .hxd-here-value { display: inline; }
.hxd-choosing .hxd-curve:not(.hxd-on) { opacity: 0.22; }
.hxd-choosing .hxd-on .hxd-line { stroke-width: 3.2; }
.hx .hxd-matrix th, .hx .hxd-matrix td { padding: 3px 16px 3px 6px; max-width: 200px; }
.hx .hxd-matrix [data-at] { min-width: 96px; }
.hx .hxd-matrix tbody th, .hx .hxd-matrix thead td { position: sticky; left: 0; background: var(--hx-ground); z-index: 1; padding-left: 0; }
.hx .hxd-matrix thead th { font-size: 12px; color: var(--hx-text); }
.hx .hxd-matrix .hxd-group th { font-weight: 600; padding-top: 10px; border-bottom: 1px solid var(--hx-edge); }
.hx .hxd-matrix .hxd-on { background: var(--hx-hover); }
.hxd-swatch { display: inline-block; width: 14px; height: 3px; margin-right: 6px; vertical-align: middle; background: var(--hx-tone); }
.hxd-best { color: var(--hx-done); white-space: nowrap; }
.hxd-one-of > .hx-button { margin-bottom: 6px; }
.hxd-ends { display: flex; align-items: center; gap: 8px; }
.hxd-slider { flex: 1; }

@container (max-width: 640px) {
  .hxd-row, .hxd-beside { grid-template-columns: minmax(0, 1fr); }
  .hxd-side + .hxd-side { border-left: 0; }
  .hxd-nothing, .hxd-equal > .hxd-side:first-child { display: none; }
  .hxd-count { width: 2.8em; }
}
`;
