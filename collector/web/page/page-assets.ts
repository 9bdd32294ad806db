/** The files of the dashboard that a page loads: their URLs. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}
