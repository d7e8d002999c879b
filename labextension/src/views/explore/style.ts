/** The explorer's own part of the style sheet. */
export const EXPLORE_STYLE = `
.hx-what-if { flex: 1 1 300px; display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; }
.hx-asked { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; flex: 1 1 100%; min-height: 26px; }
.hx-asked strong { font-weight: 600; margin-right: 2px; }
.hx .hx-chip-asked { border-radius: 12px; border-color: var(--hx-accent); font-family: var(--hx-mono); font-size: 11.5px; }
.hx-chip-asked::after { content: ' ×' / ''; color: var(--hx-soft); }
.hx .hx-danger { color: var(--hx-failed); border-color: var(--hx-failed); font-weight: 600; }
.hx-outcome {
  display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; margin: 0 0 8px; padding: 6px 12px; border-radius: 6px;
  border: 1px solid var(--hx-line); border-left: 4px solid var(--hx-accent); overflow-wrap: anywhere;
}
.hx-outcome.hx-is-problem { border-left-color: var(--hx-failed); }
.hx .hx-command { font: 12px var(--hx-mono); background: var(--hx-hover); color: var(--hx-text); border-radius: 4px; padding: 2px 7px; user-select: all; }

.hx .hx-explore-panel { flex-basis: 390px; display: flex; flex-direction: column; gap: 12px; padding: 12px 14px; }
.hx-explore-panel > * { flex: none; }
.hx-explore-panel section + section { border-top: 1px solid var(--hx-line); padding-top: 10px; }
.hx-explore-panel .hx-heading { margin-top: 0; }
.hx-choices { min-height: 122px; outline: none; border-radius: 6px; }
.hx-choices:focus-visible { outline: 2px solid var(--hx-accent); outline-offset: 4px; }
.hx-states { display: flex; flex-wrap: wrap; gap: 2px 8px; font-variant-numeric: tabular-nums; }
.hx-choice-buttons { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
.hx .hx-choice-buttons .hx-button { padding: 3px 7px; }
.hx .hx-choice-buttons .hx-button[aria-pressed='true'] { border-color: var(--hx-accent); box-shadow: inset 0 0 0 1px var(--hx-accent); }
.hx-choice-buttons kbd {
  margin-left: 6px; padding: 0 4px; border: 1px solid var(--hx-line); border-radius: 3px; font: 10px var(--hx-mono); color: var(--hx-soft);
  background: none; box-shadow: none;
}

.hx .hx-totals { width: 100%; border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; margin: 0; table-layout: auto; }
.hx .hx-totals tr { background: none; }
.hx .hx-totals th, .hx .hx-totals td { padding: 3px 0 3px 10px; text-align: right; border: 0; vertical-align: baseline; white-space: nowrap; background: none; color: var(--hx-text); }
.hx .hx-totals thead th { font-weight: 400; color: var(--hx-soft); }
.hx .hx-totals tbody th { min-width: 110px; font-weight: 400; text-align: left; padding-left: 0; white-space: normal; }
.hx .hx-totals .hx-moved td:nth-child(3) { font-weight: 600; }
.hx .hx-totals .hx-less { color: var(--hx-done); }
.hx .hx-totals .hx-more { color: var(--hx-compute); }
@container (max-width: 400px) {
  .hx .hx-totals th, .hx .hx-totals td { padding-left: 5px; white-space: normal; }
  .hx .hx-totals tbody th { min-width: 0; }
}
.hx-note { font-size: 12px; margin-top: 4px !important; overflow-wrap: anywhere; }

.hx-curve { display: block; width: 100%; height: auto; cursor: crosshair; }
.hx-axis { stroke: var(--hx-line); stroke-width: 1; fill: none; }
.hx-curve text { font: 10.5px var(--jp-ui-font-family, system-ui, sans-serif); fill: var(--hx-soft); }
.hx-buys { fill: none; stroke: var(--hx-load); stroke-width: 1.8; stroke-linejoin: round; }
.hx-step { fill: var(--hx-load); }
.hx-now { fill: var(--hx-ground); fill-opacity: 0.4; stroke: var(--hx-text); stroke-width: 1.8; }
.hx-then { fill: var(--hx-compute); stroke: var(--hx-ground); stroke-width: 1; }
.hx-slider-frame { position: relative; padding-bottom: 20px; }
.hx-slider-frame:has(.hx-mark-low) { padding-bottom: 34px; }
.hx .hx-slider { display: block; width: 100%; margin: 0; height: 22px; accent-color: var(--hx-accent); cursor: pointer; background: none; }
.hx-slider:focus-visible { outline: 2px solid var(--hx-accent); outline-offset: 1px; border-radius: 4px; }
.hx-marks { position: absolute; left: 8px; right: 8px; top: 16px; height: 24px; pointer-events: none; font-size: 10.5px; color: var(--hx-soft); }
.hx-mark-at { position: absolute; top: 0; padding-top: 9px; transform: translateX(-50%); white-space: nowrap; }
.hx-mark-at::before { content: ''; position: absolute; left: 50%; top: 0; width: 1px; height: 8px; background: var(--hx-soft); }
.hx-mark-first { transform: none; } .hx-mark-first::before { left: 0; }
.hx-mark-last { transform: translateX(-100%); } .hx-mark-last::before { left: auto; right: 0; }
.hx-mark-low { padding-top: 23px; } .hx-mark-low::before { height: 21px; }
.hx-key { font-size: 11px; white-space: pre-wrap; }
.hx-budget-fields { display: flex; flex-wrap: wrap; gap: 8px 16px; margin-top: 8px; font-size: 12px; }
.hx .hx-bytes { width: 84px; margin-left: 4px; font-variant-numeric: tabular-nums; }
.hx .hx-bytes[aria-invalid='true'] { border-color: var(--hx-failed); border-style: dashed; }
.hx .hx-policy { margin-left: 4px; padding: 0 6px; }

[data-view='explore'] .hx-choosing .hx-node, [data-view='explore'] .hx-choosing .hx-edge { opacity: 1 !important; }
.hx-is-dropped .hx-box { stroke-dasharray: 2 3; fill: var(--hx-ground); }
.hx-picture .hx-is-dropped .hx-name, .hx-picture .hx-is-dropped .hx-far { text-decoration: line-through; fill: var(--hx-soft); }
.hx .hx-gone .hx-way { stroke: var(--hx-edge); stroke-dasharray: 2 3; }
.hx .hx-gone .hx-tip { fill: var(--hx-edge); }
.hx-changed > .hx-box { stroke-width: 2.6; }
.hx-changed > .hx-ring { stroke: var(--hx-tone); stroke-width: 1; stroke-dasharray: none; }
.hx-afar .hx-changed > .hx-ring { stroke-width: 3; }
.hx-changed.hx-chosen > .hx-ring { stroke: var(--hx-accent); stroke-width: 2; }
.hx-badge rect { fill: var(--hx-ground); stroke: var(--hx-accent); stroke-width: 1.2; }
.hx-badge text { font: 600 9.5px var(--jp-ui-font-family, system-ui, sans-serif); }
.hx-afar .hx-badge rect { fill: var(--hx-accent); }
@container (max-width: 640px) { .hx .hx-explore-panel { max-height: none; } }
/* beside the panel there is no room for a picture, and below it for two columns */
@container (min-width: 641px) and (max-width: 860px) {
  [data-view='explore'] > .hx-main { flex-direction: column; height: auto !important; }
  [data-view='explore'] > .hx-main > .hx-beside { flex: 0 0 360px; }
  .hx .hx-explore-panel { display: grid; grid-template: auto 1fr / 1fr 1fr; gap: 12px 28px; flex-basis: auto; border-left: 0; border-top: 1px solid var(--hx-line); }
  .hx-explore-panel > :last-child { grid-area: 1 / 2 / 3 / 3; border-top: 0 !important; padding-top: 0 !important; }
}
`;
