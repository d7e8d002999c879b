/** The extension's own icons: two strands, and the same with what runs them. */
import { LabIcon } from '@jupyterlab/ui-components';

const STRANDS =
  '<path class="jp-icon3" stroke="#616161" fill="none" stroke-width="1.9" stroke-linecap="round" d="M7 3c0 6 10 6 10 12v6"/>' +
  '<path class="jp-icon3" stroke="#616161" fill="none" stroke-width="1.9" stroke-linecap="round" d="M17 3c0 2.6-1.9 4.1-4 5.6M11 12.6C8.900 14 7 15.400 7 18v3"/>' +
  '<path class="jp-icon3" stroke="#616161" fill="none" stroke-width="1.4" stroke-linecap="round" d="M8.600 5.400h6.800M8.600 18.600h6.800"/>';

export const helixIcon = new LabIcon({
  name: 'helix-jupyter:helix',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">${STRANDS}</svg>`
});

export const runIcon = new LabIcon({
  name: 'helix-jupyter:run',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">' +
    `<g transform="translate(-4 1) scale(.92)">${STRANDS}</g>` +
    '<path class="jp-icon3" fill="#616161" d="M15.500 8.500v9l7-4.500z"/></svg>'
});
