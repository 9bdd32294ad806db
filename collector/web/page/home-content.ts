/** `/`: the projects that the caller may see. */
export interface HomeContent {
  readonly page: 'home';
  readonly projects: readonly HomeProject[];
}

export interface HomeProject {
  readonly project: string;
  readonly isInvented: boolean;
  /** People in the 28 days to the last complete one; `null` if the caller may not know. */
  readonly people: number | null;
}
