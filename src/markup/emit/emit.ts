import { declarationPath } from '../../core/emitted-paths.ts'
import type { Manifest } from '../../core/image.ts'
import type { Lock } from '../../core/lock.ts'
import { hasFiles } from '../find-image.ts'
import { pictureData } from '../picture-data.ts'
import type { PictureData } from '../picture-data.ts'
import { DATA_MARK, dataText } from './data-text.ts'
import { MODULE_MARK, declarationText, moduleText, typedModuleText } from './module-text.ts'

/** A file for templates or code, made from the lock alone. */
export interface EmittedFile {
  /** Relative to the project, forward slashes. */
  readonly path: string
  readonly text: string
  /** How every such file begins; one that does not is somebody else's. */
  readonly mark: string
}

/** Every file that the manifest asks for, over those of its images that have files. Equal locks give equal texts. */
export function emittedFiles(
  lock: Lock,
  emit: Manifest['emit'],
  ids: Iterable<string>,
): readonly EmittedFile[] {
  if (emit.data === null && emit.module === null) return []
  const shown = [...ids].filter((id) => hasFiles(lock.images.get(id))).sort()
  const pictures = new Map(shown.map((id): [string, PictureData] => [id, pictureData(lock, id)]))
  const files: EmittedFile[] = []
  const { data, module } = emit
  if (data !== null) files.push({ path: data, text: dataText(pictures), mark: DATA_MARK })
  if (module === null) return files
  const declaration = declarationPath(module)
  const text = declaration === null ? typedModuleText(pictures) : moduleText(pictures)
  files.push({ path: module, text, mark: MODULE_MARK })
  if (declaration !== null)
    files.push({ path: declaration, text: declarationText(pictures), mark: MODULE_MARK })
  return files
}
