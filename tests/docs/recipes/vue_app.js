import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import { survey } from "./survey.js";

const page = (template) => ({ template });
const routes = [
  { path: "/", component: page("<router-link to='/prices'>Prices</router-link>") },
  { path: "/prices", component: page("<router-link to='/'>Home</router-link>") },
];
const router = createRouter({ history: createWebHistory(), routes });

createApp(page(`<router-view /> BUTTON`)).use(router).use(survey).mount("#app");
