import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Link, Route, Routes } from "react-router";
import { Survey } from "./survey.jsx";

createRoot(document.querySelector("#app")).render(
  <StrictMode>
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Link to="/prices">Prices</Link>} />
        <Route path="/prices" element={<Link to="/">Home</Link>} />
      </Routes>
      <Survey />
    </BrowserRouter>
  </StrictMode>,
);
