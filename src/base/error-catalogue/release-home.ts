export const releaseHomeErrors = {
  'release-home-locked': (p: { home: string; seconds: number }) => ({
    message: `Another process has been writing to ${p.home} for more than ${p.seconds} s.`,
    hint: 'Nothing was changed. Look for another Headgate that hangs, end it, then resume.',
    exit: 3 as const,
  }),
  'release-home-unreadable': (p: { file: string; because: string }) => ({
    message: `${p.file} could not be read: ${p.because}.`,
    hint: 'Nothing was changed. Restore the file from a backup or remove it, then run `headgate status`; parts and bundles are sent again where they are missing.',
    exit: 3 as const,
  }),
  'release-home-unusable': (p: { home: string; because: string }) => ({
    message: `The release home ${p.home} could not be written: ${p.because}.`,
    hint: 'What is live stays live: files are written whole or not at all. Check room and rights there, then resume.',
    exit: 3 as const,
  }),
  'part-incomplete': (p: { part: string; home: string; because: string }) => ({
    message: `${p.part} did not arrive whole in ${p.home}: ${p.because}.`,
    hint: 'Nothing live was changed, and no code uses a part that is not whole. Resume to send it again.',
    exit: 3 as const,
  }),
  'aws-sdk-missing': (p: { package: string }) => ({
    message: `The package ${p.package} is not installed; it is needed for S3.`,
    hint: 'Install it with `npm install --include=optional`, or use a folder instead of S3.',
    exit: 2 as const,
  }),
  's3-refused': (p: { address: string; because: string }) => ({
    message: `S3 refused ${p.address}: ${p.because}.`,
    hint: 'Nothing was changed there. Give this process AWS credentials that may read, write and list that prefix, then resume.',
    exit: 3 as const,
  }),
};
