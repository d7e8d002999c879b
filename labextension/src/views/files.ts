/** Where JupyterLab and Notebook open a file that lies beside a notebook. */

/** By what they tell of themselves: where their server gives files; null where they tell nothing. `path` is from the notebook's folder. */
export function linkBeside(notebook: unknown, path: string): string | null {
  const config = document.getElementById('jupyter-config-data')?.textContent;
  if (typeof notebook !== 'string' || !config) return null;
  const { baseUrl } = JSON.parse(config) as { baseUrl?: string };
  const steps = [...notebook.replace(/^[^/]*:/, '').split('/').slice(0, -1), ...path.split('/')];
  return `${baseUrl ?? '/'}files/${steps.map(encodeURIComponent).join('/')}`;
}
