/** JavaScript that wasm-bindgen generates for the crate `widget`, with `guard` that the build adds. */
declare module "survey-wasm" {
  export default function init(options: { module_or_path: Response }): Promise<void>;
  export function open(host: HTMLElement, settings: import("./types").SurveySettings, texts: string[]): void;
  export function close(): void;
  /** Counts the inline survey as shown, if it is open. */
  export function set_visible(): void;
  export function handle_event(event: Event, target: EventTarget): void;
  export function delivery_result(id: string, state: import("./types").DeliveryState): void;
  /** Passes every error of the WebAssembly to `onTrap`. */
  export function guard(onTrap: (error: unknown) => void): void;
}
