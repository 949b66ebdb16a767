import type { GalleryModel } from '../gallery-model.ts'
import { startPage } from './page.ts'
import { restoreTheme } from './theme.ts'

restoreTheme()
const data = document.querySelector('#data')?.textContent
// The page and what writes its data are one version of one program.
if (data) startPage(JSON.parse(data) as { readonly model: GalleryModel; readonly token: string | null })
