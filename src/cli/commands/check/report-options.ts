import { reportFormats } from '../../../delivery/checks/report-formats.ts';
import { option, repeatable } from '../../command.ts';

const formats = reportFormats.join(', ');

/** The options of a command that prints a check report. */
export const reportOptions = [
  option('--format <format>', `print it as text (the default), or as ${formats}`),
  repeatable('--report <format=file>', `write it to a file as well, as ${formats} (several times)`),
];
