/// <reference types="vite/client" />
/// <reference types="pixelkiln/client" />
