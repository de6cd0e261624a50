// Body of a function that runs with the rights of Firefox itself. Opens a tab in the background, in
// the user context of the selected one.
const { gBrowser } = Services.wm.getMostRecentWindow("navigator:browser");
gBrowser.addTab("about:blank", {
  triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
  userContextId: gBrowser.selectedTab.userContextId,
});
return null;
