import { useLanguage } from '../language/language.js';

interface NobodyProps {
  /** Of the plot, in pixels. */
  readonly height: number;
}

/** What an empty plot says in the place of a line of zeros. */
export const Nobody = ({ height }: NobodyProps) => (
  <text x="50%" y={height / 2} class="m strong">
    {useLanguage().texts.charts.nobody}
  </text>
);
