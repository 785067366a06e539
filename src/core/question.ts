/** Whether a text ends as a question does, within quotation marks or brackets too. */
export const endsAsQuestion = (text: string): boolean => /[?？؟]["'”’»)\]」』\s]*$/u.test(text)
