/** `/`: the projects that the caller may see. */
export interface HomeContent {
  readonly page: 'home';
  readonly projects: readonly HomeProject[];
}

export interface HomeProject {
  readonly project: string;
  readonly isInvented: boolean;
  /** Whether the caller sees its public page alone. */
  readonly isPublic: boolean;
  /** People in the 28 days to the last complete one; `null` if the caller may not know. */
  readonly month: HomeFigure | null;
  /** People in the 7 days to the last complete one. */
  readonly week: HomeFigure | null;
  /** People on the running day, which is compared with nothing. */
  readonly today: number | null;
  /** When the last report was counted, in ISO 8601. */
  readonly lastReportAt: string | null;
}

export interface HomeFigure {
  readonly people: number;
  /** Against the same days a week before, 1 for twice as many; `null` if there were none. */
  readonly change: number | null;
}
