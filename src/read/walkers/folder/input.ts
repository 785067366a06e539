import { type FileHandle, open } from 'node:fs/promises'
import type { Warning } from '../../../core/index.ts'
import type { ReadInput } from '../../contract.ts'
import { asReadError } from '../../problems.ts'

const chunkBytes = 1 << 20

export interface FileFacts {
  /** A Buffer where the name is not valid UTF-8. */
  readonly path: string | Buffer
  readonly uri: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  warn?(warning: Warning): void
}

/** A file on disk to be read; warns of `changed` when it is not as it was found. Its bytes throw `vanished` and `unreadable`. */
export function fileInput(file: FileFacts): ReadInput {
  const { uri, size, modified } = file
  const check = async (handle: FileHandle, length: number): Promise<void> => {
    const now = await handle.stat()
    if (length === size && now.size === size && Math.trunc(now.mtimeMs) === Math.trunc(modified)) return
    file.warn?.({ code: 'changed', uri, message: `${uri} changed while it was read; run again to read it anew` })
  }
  return {
    uri,
    size,
    modified,
    async bytes(abortSignal) {
      abortSignal?.throwIfAborted()
      let handle: FileHandle | undefined
      try {
        handle = await open(file.path)
        const bytes = await handle.readFile({ signal: abortSignal })
        await check(handle, bytes.length)
        return bytes
      } catch (error) {
        abortSignal?.throwIfAborted()
        throw asReadError(error, { uri }, 'a file')
      } finally {
        await handle?.close()
      }
    },
    async *stream(abortSignal) {
      let handle: FileHandle | undefined
      try {
        handle = await open(file.path)
        let length = 0
        for (;;) {
          abortSignal?.throwIfAborted()
          const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null)
          if (bytesRead === 0) break
          length += bytesRead
          yield buffer.subarray(0, bytesRead)
        }
        await check(handle, length)
      } catch (error) {
        abortSignal?.throwIfAborted()
        throw asReadError(error, { uri }, 'a file')
      } finally {
        await handle?.close()
      }
    },
  }
}

/** Up to `length` bytes of a file's start. */
export async function readHead(path: string | Buffer, length: number): Promise<Uint8Array> {
  const handle = await open(path)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
