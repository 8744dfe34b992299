/** The whole bank as one file: JSON lines, each a signed record with its statement. */
export { BankFileExistsError, UnreadableBankFileError } from './errors.ts';
export { exportBank, type ExportReport } from './export.ts';
export { importBank, type BankImportReport, type ImportComponents, type ImportProblem } from './import.ts';
