/** `/`: the projects that the caller may see. */
export interface HomeContent {
  readonly page: 'home';
  readonly projects: readonly HomeProject[];
}

export interface HomeProject {
  readonly project: string;
  readonly isInvented: boolean;
  /** People in 28 days; `null` if the caller may not know. */
  readonly people: number | null;
}
