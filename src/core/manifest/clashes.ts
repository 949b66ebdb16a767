import type { Image } from '../image.ts'
import { DEFAULT_FILENAME } from '../recipes.ts'
import { folded, possiblePaths } from './ids.ts'
import type { Report } from './report.ts'

/** Tells ids that are one name where case does not count, files that two images would write, and files where another image needs a folder; each on the second of the two. */
export function checkClashes(images: readonly Image[], report: Report): void {
  const ids = new Map<string, Image>()
  const files = new Map<string, Image>()
  const folders = new Map<string, Image>()
  const apart = images.every(hasPathsOfItsOwn)
  for (const image of images) {
    const key = folded(image.id)
    const twin = ids.get(key)
    if (twin) {
      report('image/id-clash', image.offset, twinWords(image.id, twin.id), image.id)
      continue
    }
    ids.set(key, image)
    if (apart) continue
    const clash = claimPaths(image, files, folders)
    if (clash !== null) report('image/path-clash', image.offset, clash, image.id)
  }
}

/**
 * Where all images have the default filename, different ids make different files, for a name ends with the last hyphen.
 * Only a folder can then be named like another's file.
 */
function hasPathsOfItsOwn({ id, recipe }: Image): boolean {
  return recipe.filename === DEFAULT_FILENAME && !LIKE_A_FILE.test(id)
}

const LIKE_A_FILE = /\.[^/]*\//

function twinWords(id: string, twin: string): string {
  return twin === id
    ? `"${id}" stands here twice: a matrix or variants make one of them. Rename the other.`
    : `"${id}" and "${twin}" are one name on systems that ignore case. Rename one.`
}

/** Enters the files and folders of one image; the first clash in words, or null. */
function claimPaths(image: Image, files: Map<string, Image>, folders: Map<string, Image>): string | null {
  for (const path of possiblePaths(image.id, image.recipe)) {
    const owner = files.get(path)
    if (owner && owner !== image)
      return `"${image.id}" and "${owner.id}" would both write ${path}. Rename one, or change its widths or filename.`
    const above = folders.get(path)
    if (above && above !== image)
      return `"${image.id}" would write the file ${path}, and "${above.id}" needs a folder of that name. Rename one.`
    files.set(path, image)
    for (const folder of foldersOf(path)) {
      const file = files.get(folder)
      if (file)
        return `"${image.id}" needs the folder ${folder}, and "${file.id}" writes a file of that name. Rename one.`
      if (!folders.has(folder)) folders.set(folder, image)
    }
  }
  return null
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at))
  return folders
}
