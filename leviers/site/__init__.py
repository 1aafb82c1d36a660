"""The static site: one page per territory, lever and chantier, made from the published file alone."""

from leviers.site.build import SiteReport, build_site, is_site

__all__ = ["SiteReport", "build_site", "is_site"]
