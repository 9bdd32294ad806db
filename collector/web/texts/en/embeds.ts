const invented = (isInvented: boolean): string => (isInvented ? 'invented data · ' : '');

/** The texts of charts on pages of others. */
export const embeds = {
  active: (project: string) => `${project}: people active in 28 days`,
  versions: (project: string) => `${project}: versions in use`,
  systems: (project: string) => `${project}: systems in use`,
  activeNote: (least: string, isInvented: boolean) =>
    `${invented(isInvented)}complete days of ${least} people or more`,
  partsNote: (least: string, isInvented: boolean) =>
    `${invented(isInvented)}people in 28 days, groups of ${least} or more`,
};
