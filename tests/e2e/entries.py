"""Files that a person enters into the demo: a roadmap, what is withdrawn of it, a grouping and a series."""

from __future__ import annotations

ROADMAP = """\
lever_id,territory_level,territory_code,horizon_year,measure,unit,new_ambition,roadmap,source
residentiel_chaudieres_fioul,epci,243100518,2050,ktco2e_avoided,ktCO2e,80,Feuille de route test,page 1
residentiel_chaudieres_fioul,commune,31555,2030,ktco2e_avoided,ktCO2e,1.5,Feuille de route test,page 2
residentiel_chaudieres_fioul,departement,09,2030,ktco2e_avoided,ktCO2e,7,Feuille de route test,page 3
vehicules_electriques,epci,200066371,2030,physical_delta,thousand vehicles,2,Feuille de route test,page 5
sols_haies,epci,200066371,2030,physical_delta,thousand km,0.01,Feuille de route test,page 6
"""
WITHDRAWAL = """\
levier;niveau;territoire;horizon;mesure;unité;feuille de route;source;retiré
residentiel_chaudieres_fioul;département;Ariège;2030;ktCO2e évitées;ktCO2e;Feuille de route test;délibération 4;oui
"""
GROUPS = "group_type,group_code,group_name,commune_code\ncrte,T1,Groupe Test,31555\ncrte,T1,Groupe Test,31069\n"
SERIES = """\
indicator_id,territory_level,territory_code,year,value,unit,source,licence
residential_gas_consumption_commune,epci,243100518,2019,1200,GWh,Bilan test,Licence test
residential_gas_consumption_commune,epci,243100518,2020,1100,GWh,Bilan test,Licence test
residential_gas_consumption_commune,epci,243100518,2021,1000,GWh,Bilan test,Licence test
residential_gas_consumption_commune,epci,243100518,2022,800,GWh,Bilan test,Licence test
"""
