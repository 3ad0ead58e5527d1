export const compatibilityErrors = {
  'schema-invalid': (p: { file: string; format: string; line: number | null; why: string }) => ({
    message: `${p.file}${p.line === null ? '' : `:${p.line}`} is no valid ${p.format}${p.format.endsWith('Schema') ? '' : ' schema'}: ${p.why}`,
    hint: 'Nothing was compared. Correct the schema, or name the format that it is written in.',
    exit: 2 as const,
  }),
  'schema-too-deep': (p: { file: string }) => ({
    message: `${p.file} is nested too deeply to be compared.`,
    hint: 'Nothing was compared. Name inner types and refer to them, in place of writing them inside each other.',
    exit: 2 as const,
  }),
  'schema-reference-missing': (p: { file: string; format: string; reference: string }) => ({
    message: `${p.file} uses ${p.reference}, which is neither in it nor in a referenced ${p.format} file.`,
    hint: 'Nothing was compared. Name the file that defines it with --reference.',
    exit: 2 as const,
  }),
  'schema-file-unreadable': (p: { file: string; why: string }) => ({
    message: `${p.file} could not be read: ${p.why}.`,
    hint: 'Nothing was compared. Name a file that exists and that you may read.',
    exit: 2 as const,
  }),
  'compat-too-few': (p: { formats: string }) => ({
    message: 'A format, at least one old schema and the new one are needed.',
    hint: `Write \`headgate compat FORMAT OLD... NEW\`. Formats: ${p.formats}.`,
    exit: 2 as const,
  }),
};
