-- Comment joindre mes communes de 2019 ?
-- Réponse : Chaque code de 2019, ou d'avant, et sa commune d'aujourd'hui, ceux qui ont changé d'abord. Sur un
--   fichier à soi : `from mon_fichier inner join vues.communes_de(2019) as c on mon_fichier.code =
--   c.code_commune`, puis `sum(valeur * poids)` par `code_actuel`. La fonction n'est que dans le fichier
--   entier.
-- Piège : Une jointure sur le code perd sans un mot les communes qui ont fusionné ; un taux ne se recode pas,
--   ses deux termes si.
select
    c.code_commune,
    c.code_actuel,
    c.commune,
    c.poids,
    c.evenement,
    t.epci
from vues.communes_de(2019) as c
inner join vues.dim_territoire as t using (territoire_id)
order by c.code_commune <> c.code_actuel desc, c.code_commune
