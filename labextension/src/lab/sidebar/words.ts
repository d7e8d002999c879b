/** What the parts of the sidebar need of a translation; `@jupyterlab/translation` gives it. */
export interface Words {
  __(text: string, ...values: unknown[]): string;
  _n(one: string, many: string, count: number, ...values: unknown[]): string;
}
