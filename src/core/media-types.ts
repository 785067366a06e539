const code = new Set(['text/javascript', 'text/typescript', 'text/tsx', 'text/css'])
const scripted = /^text\/x-(python|java|go|rust|c|c\+\+|csharp|ruby|php|shellscript|powershell)$/

/** Whether a media type is one of program code. */
export const isCode = (mediaType: string): boolean => code.has(mediaType) || scripted.test(mediaType)
