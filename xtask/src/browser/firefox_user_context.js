// Body of a function that runs with the rights of Firefox itself. Ends every user context, closes
// its tabs and leaves one blank tab: in a new user context if `begin` is set, outside of any
// otherwise.
const [begin, preferences] = arguments;
const { ContextualIdentityService } = ChromeUtils.importESModule(
  "resource://gre/modules/ContextualIdentityService.sys.mjs",
);
const setters = { string: "setStringPref", number: "setIntPref", boolean: "setBoolPref" };
for (const [name, value] of Object.entries(preferences))
  Services.prefs[setters[typeof value]](name, value);

const [main, ...popups] = Services.wm.getEnumerator("navigator:browser");
for (const popup of popups) popup.close();
main.fullScreen = false;

const ended = ContextualIdentityService.getPublicIdentities().map((it) => it.userContextId);
const { gBrowser } = main;
const tab = gBrowser.addTab("about:blank", {
  triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
  userContextId: begin ? ContextualIdentityService.create("visitor", "circle", "blue").userContextId : 0,
});
gBrowser.selectedTab = tab;
for (const other of [...gBrowser.tabs])
  if (other != tab) gBrowser.removeTab(other, { animate: false, skipPermitUnload: true });
// The data of an identity is deleted with it.
for (const userContextId of ended) ContextualIdentityService.remove(userContextId);
return null;
