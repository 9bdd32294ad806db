import type { embeds as en } from '../en/embeds.js';

const invented = (isInvented: boolean): string => (isInvented ? '虚构数据 · ' : '');

export const embeds: typeof en = {
  active: (project) => `${project}：28 天活跃人数`,
  versions: (project) => `${project}：使用中的版本`,
  systems: (project) => `${project}：使用中的系统`,
  activeNote: (least, isInvented) => `${invented(isInvented)}只含完整且不少于 ${least} 人的日子`,
  partsNote: (least, isInvented) => `${invented(isInvented)}28 天内的人数，每组不少于 ${least} 人`,
};
