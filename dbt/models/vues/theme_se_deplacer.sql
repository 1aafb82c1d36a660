{{ levers_of_theme('se_deplacer') }}
