// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The names of the global object that are Deno's own, as of Deno 2.9. Left out are those with a value of the program's (`name`,
 * `closed`, `onload`, …), which count by their value.
 */
const NAMES =
  `AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array
BigUint64Array Blob Boolean BroadcastChannel Buffer ByteLengthQueuingStrategy Cache CacheStorage CloseEvent CompressionStream
CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DOMMatrix DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMQuad
DOMRect DOMRectReadOnly DataView Date DecompressionStream Deno DisposableStack Error ErrorEvent EvalError Event EventSource
EventTarget File FileReader FinalizationRegistry Float16Array Float32Array Float64Array FormData Function GPU GPUAdapter
GPUAdapterInfo GPUBindGroup GPUBindGroupLayout GPUBuffer GPUBufferUsage GPUCanvasContext GPUColorWrite GPUCommandBuffer
GPUCommandEncoder GPUCompilationInfo GPUCompilationMessage GPUComputePassEncoder GPUComputePipeline GPUDevice
GPUDeviceLostInfo GPUError GPUInternalError GPUMapMode GPUOutOfMemoryError GPUPipelineError GPUPipelineLayout GPUQuerySet
GPUQueue GPURenderBundle GPURenderBundleEncoder GPURenderPassEncoder GPURenderPipeline GPUSampler GPUShaderModule
GPUShaderStage GPUSupportedFeatures GPUSupportedLimits GPUTexture GPUTextureUsage GPUTextureView GPUUncapturedErrorEvent
GPUValidationError Headers ImageBitmap ImageBitmapRenderingContext ImageData Infinity Int16Array Int32Array Int8Array Intl
Iterator JSON Location Lock LockManager Map Math MessageChannel MessageEvent MessagePort NaN Navigator NavigatorUAData Number
Object OffscreenCanvas Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver
PerformanceObserverEntryList ProgressEvent Promise PromiseRejectionEvent Proxy QuotaExceededError RangeError
ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController
ReadableStreamDefaultReader ReferenceError Reflect RegExp Request Response Set SharedArrayBuffer Storage String SubtleCrypto
SuppressedError Symbol SyntaxError Temporal TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream
TransformStreamDefaultController TypeError URIError URL URLPattern URLSearchParams Uint16Array Uint32Array Uint8Array
Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly WebSocket Window Worker WritableStream WritableStreamDefaultController
WritableStreamDefaultWriter alert atob btoa caches clearImmediate clearInterval clearTimeout close confirm console
createImageBitmap crypto decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval fetch global globalThis
isFinite isNaN localStorage location navigator parseFloat parseInt performance process prompt queueMicrotask reportError
self sessionStorage setImmediate setInterval setTimeout structuredClone undefined unescape window`;

/** The names of the global object that are the platform's own. */
export const PLATFORM_NAMES: ReadonlySet<string> = new Set(NAMES.split(/\s+/));

// What they stand for when this is loaded, so that one that a program replaces later is known. Those with a getter are not
// asked: that loads parts of the platform, and may need a permission.
const known = new Map<string, unknown>();
for (const name of PLATFORM_NAMES) known.set(name, valueOf(name));

/**
 * Tells whether a global name stands for what the platform has there.
 *
 * @param name The name.
 * @returns Whether it is one of the platform's, and was not replaced since this package was loaded.
 */
export function isPlatformsOwn(name: string): boolean {
  return known.has(name) && Object.is(known.get(name), valueOf(name));
}

function valueOf(name: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  if (descriptor === undefined) return undefined;
  return "value" in descriptor ? descriptor.value : descriptor.get;
}
