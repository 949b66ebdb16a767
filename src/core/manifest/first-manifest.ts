/** What `pixelkiln init` writes: a small manifest that works, with every common setting explained. */
export const FIRST_MANIFEST: string = `# yaml-language-server: $schema=./node_modules/pixelkiln/dist/schema.json
#
# The pictures of this site. "pixelkiln build --draft" draws sketches, free and offline,
# "pixelkiln plan" says what a build would buy, and "pixelkiln build" buys what is missing.
version: 1
out: public/images # the asset folder; the lockfile lives in it: commit it

defaults: # for every image that says nothing else
  model: dall-e-3 # "pixelkiln models" lists all
  aspect: "3:2" # any W:H; what the model cannot make is asked for as the nearest, then cropped
  outputs:
    formats: [avif, webp, jpeg] # png is the fourth
    widths: [480, 960, 1536] # in pixels, never more than the picture has
    # quality: { avif: 57, webp: 80, jpeg: 78 } # 1 to 100; changing it buys nothing

styles: # looks that many pictures share
  paper-cut:
    before: "Layered paper-cut illustration,"
    after: "soft side light, muted palette of sand, teal and ink. No text."
    params: { style: natural } # settings of the model itself

images: # the id is the path: this one makes public/images/home/hero-960.avif and so on
  home/hero:
    prompt: A lighthouse keeper reading by a window while the beam crosses a calm sea.
    style: paper-cut # a look from above, or a style of the model: vivid, natural
    aspect: "16:9"
    focus: attention # what a crop keeps: attention, entropy, center, or a point such as [0.5, 0.3]
    alt: Lighthouse keeper reading beside a window at night

  shop/mug:
    prompt: "A {{colour}} enamel mug on a wooden tray."
    matrix: { colour: [white, teal] } # two pictures: shop/mug-white and shop/mug-teal
    alt: "{{colour}} enamel mug"

  # A picture that says nothing to a reader has "decorative: true" in place of "alt".
  # Another crop of a picture you have, free:
  #   home/hero-tall: { from: home/hero, aspect: "4:5", alt: Lighthouse keeper at night }
  # Not happy with a picture? "reroll: 1" buys another for the same words;
  # "candidates: 4" buys four, and "pick: 3" takes the third.
`
